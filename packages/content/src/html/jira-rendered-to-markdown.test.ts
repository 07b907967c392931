import { expect, test } from 'vitest'

import { jiraRenderedToMarkdown } from './jira-rendered-to-markdown.ts'

const base = { baseUrl: 'https://jira.test/j' }

test.each<[name: string, html: string, markdown: string]>([
  [
    'an issue link is its key, without title and strike-through',
    '<p>after <a href="https://jira.test/j/browse/AB-1" title="Their title" class="issue-link" data-issue-key="AB-1"><del>AB-1</del></a></p>',
    'after AB-1',
  ],
  ['a resolved key is not struck through', '<p><del><a class="issue-link" href="/j/browse/AB-2">AB-2</a></del></p>', 'AB-2'],
  ['what the author struck through stays so', '<p><del>old</del> new</p>', '~~old~~ new'],
  [
    'the macro of an issue is its key, without title and status',
    '<p><span class="jira-issue-macro" data-jira-key="AB-3"><a href="/j/browse/AB-3">AB-3</a> - <span class="summary">Their title</span><span class="aui-lozenge">Done</span></span></p>',
    'AB-3',
  ],
  ['a mention is a name', '<p><a href="/j/secure/ViewProfile.jspa?name=ada" class="user-hover" rel="ada">Ada L</a> said</p>', 'Ada L said'],
  [
    'code with a title and language',
    '<div class="code panel"><div class="codeHeader panelHeader"><b>A.java</b></div><div class="codeContent panelContent">\n<pre class="code-java"><span class="code-keyword">class</span> A {}\n</pre>\n</div></div>',
    '**A.java**\n\n```java\nclass A {}\n```',
  ],
  [
    'preformatted text',
    '<div class="preformatted panel"><div class="preformattedContent panelContent">\n<pre>a  b\n c</pre></div></div>',
    '```\na  b\n c\n```',
  ],
  [
    'a panel is a quotation under its title',
    '<div class="panel"><div class="panelHeader"><b>Decided</b></div><div class="panelContent"><p>We stay.</p></div></div>',
    '> **Decided**\n>\n> We stay.',
  ],
  [
    'an image is read by its file name, an attachment by its link',
    '<p><span class="image-wrap"><img src="/j/secure/attachment/7/7_shot%201.png"/></span> <span class="nobr"><a href="/j/secure/attachment/8/8_a.pdf">a.pdf<sup><img class="rendericon" src="/j/images/icons/link_attachment_7.gif"/></sup></a></span></p>',
    '![shot 1.png](https://jira.test/j/secure/attachment/7/7_shot%201.png) [a.pdf](https://jira.test/j/secure/attachment/8/8_a.pdf)',
  ],
])('%s', (_name, html, markdown) => expect(jiraRenderedToMarkdown(html, base)).toBe(markdown))
