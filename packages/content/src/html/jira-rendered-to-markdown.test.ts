import { describe, expect, it, test } from 'vitest'

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

describe('J4: emoticons of Data Center, whose alternative text is empty', () => {
  const emoticon = (file: string, alt = ''): string =>
    `<img class="emoticon" src="/j/images/icons/emoticons/${file}" height="16" width="16" align="absmiddle" alt="${alt}" border="0"/>`

  it('J4: a table of passes and failures keeps its answers', () => {
    const row = (name: string, file: string): string => `<tr><td>${name}</td><td>${emoticon(file)}</td></tr>`
    const rows = [['one', 'check.png'], ['two', 'error.png'], ['three', 'add.png'], ['four', 'forbidden.png'], ['five', 'warning.png']] as const
    const markdown = jiraRenderedToMarkdown(`<table><tbody><tr><th>Test</th><th>Result</th></tr>${rows.map(([name, file]) => row(name, file)).join('')}</tbody></table>`, base)
    expect(markdown.match(/(?<=\| (?:one|two|three|four|five)\s*\| )\S+/g)?.map((sign) => sign.replace('\\', ''))).toEqual(['✓', '✗', '+', '−', '!'])
  })

  it.each([
    ['thumbs_up.png', '', 'thumbs up'],
    ['smile.gif', ':)', 'smile'],
    ['help_16.png', '', '?'],
    ['star_yellow@2x.png?v=2', '', 'star yellow'],
    ['', '(/)', '(/)'],
  ])('J4: the others are read by their names: %s', (file, alt, said) => {
    expect(jiraRenderedToMarkdown(`<p>It is ${emoticon(file, alt)} now</p>`, base)).toBe(`It is ${said} now`)
  })

  it('J4: without the class, the address tells', () => {
    expect(jiraRenderedToMarkdown('<p><img src="https://jira.test/j/images/icons/emoticons/check.png" alt=""> done</p>', base)).toBe('✓ done')
  })
})

describe('J6: code in a language that the server does not know', () => {
  const panel = (language: string, code: string, header = ''): string =>
    `<div class="code panel" style="border-width: 1px;">${header}<div class="codeContent panelContent">\n<div class="error"><span class="error">Unable to find source-code formatter for language: ${language}.</span> Available languages are: actionscript, html, java, javascript, none, sql, xhtml, xml</div><pre>\n${code}\n</pre>\n</div></div>`

  it.each(['rust', 'c#', 'c++', 'objective-c', 'mermaid'])('J6: keeps the language %s and drops the sentence', (language) => {
    expect(jiraRenderedToMarkdown(panel(language, 'fn main() {}'), base)).toBe(`\`\`\`${language}\nfn main() {}\n\`\`\``)
  })

  it('J6: keeps the title, and code around which something else was said', () => {
    const header = '<div class="codeHeader panelHeader" style="border-bottom-width: 1px;"><b>main.rs</b></div>'
    expect(jiraRenderedToMarkdown(`<p>Before</p>${panel('rust', 'fn main() {}', header)}<p>After</p>`, base)).toBe('Before\n\n**main.rs**\n\n```rust\nfn main() {}\n```\n\nAfter')
  })

  it('J6: outside of a panel, and where the server says it in another language', () => {
    const error = (sentence: string): string => `<span class="error">${sentence}</span>`
    const pre = '<pre>\nfn main() {}\n</pre>'
    expect(jiraRenderedToMarkdown(`<p>${error('Unable to find source-code formatter for language: rust.')} Available languages are: java</p>\n${pre}`, base)).toBe('```rust\nfn main() {}\n```')
    const german = `<div class="code panel"><div class="codeContent panelContent"><div class="error">${error('Kein Formatierer gefunden für Sprache: rust.')} Available languages are: java</div>${pre}</div></div>`
    expect(jiraRenderedToMarkdown(german, base)).toBe('```rust\nfn main() {}\n```')
  })

  it('J6: a text that speaks of it stays', () => {
    const html = '<p>Unable to find source-code formatter for language: rust.</p><pre>x</pre><p><span class="error">It failed: badly.</span></p><pre>y</pre>'
    const markdown = jiraRenderedToMarkdown(html, base)
    for (const said of ['Unable to find source-code', 'It failed: badly.']) expect(markdown).toContain(said)
  })

  it('J6: an error of another macro stays what it is', () => {
    expect(jiraRenderedToMarkdown('<div class="error"><span class="error">Unknown macro: {chart}</span></div>', base)).toContain('Unknown macro')
  })
})

describe('J10: thumbnails', () => {
  const src = '/j/secure/thumbnail/10250/_thumb_10250.png'

  it.each([
    ['the image says its name', `<p><a href="/j/secure/attachment/10250/10250_error+dialog.png"><img src="${src}" data-attachment-name="error dialog.png"></a></p>`],
    ['what is around it says its name', `<p><a href="/x"><jira-attachment-thumbnail filename="error dialog.png"><img src="${src}"></jira-attachment-thumbnail></a></p>`],
    ['the preview says its name', `<p><a file-preview-title="error dialog.png" href="/x"><img src="${src}"></a></p>`],
    ['the link says its name, with a plus for the space', `<p><a href="/j/secure/attachment/10250/10250_error+dialog.png"><img src="${src}"></a></p>`],
    ['the link says its name', `<p><a id="10250_thumb" href="/j/secure/attachment/10250/10250_error%20dialog.png"><img src="${src}" align="absmiddle"></a></p>`],
  ])('J10: a thumbnail is called as the file is: %s', (_how, html) => {
    const markdown = jiraRenderedToMarkdown(html, base)
    expect(markdown).toContain('error dialog.png')
    expect(markdown).not.toContain('[10250.png')
  })
})

it('tells what a text uses and does not own, while it is converted', () => {
  const used: string[] = []
  jiraRenderedToMarkdown(
    '<p><a class="user-hover" rel="ada&amp;co">Ada L</a> on <a href="/j/browse/AB-1" class="issue-link" data-issue-key="AB-1">AB-1</a> and <span class="jira-issue-macro" data-jira-key="AB-3">AB-3</span></p>',
    { ...base, uses: { person: (id, name) => void used.push(`${id}=${name}`), issue: (key) => void used.push(key) } },
  )
  expect(used).toEqual(['ada&co=Ada L', 'AB-1', 'AB-3'])
})
