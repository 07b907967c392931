import { describe, expect, it } from 'vitest'
import { convert, type StorageCase } from './storage-world.ts'

const CASES: StorageCase[] = [
  {
    name: 'task lists, nested, with people and dates',
    storage: [
      '<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-uuid>u</ac:task-uuid>',
      '<ac:task-status>complete</ac:task-status><ac:task-body>',
      '<span class="placeholder-inline-tasks">Ask <ac:link><ri:user ri:account-id="557:abc"/>',
      '</ac:link> by <time datetime="2026-03-01"/></span></ac:task-body></ac:task><ac:task-list><ac:task>',
      '<ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status>',
      '<ac:task-body>Sub task</ac:task-body></ac:task></ac:task-list></ac:task-list>',
    ],
    markdown: [
      '- [x] Ask @Ann Lee by 2026-03-01',
      '  - [ ] Sub task',
    ],
  },
  {
    name: 'images',
    storage: [
      '<p><ac:image ac:alt="Plan"><ri:attachment ri:filename="plan v2.png"/>',
      '</ac:image> <ac:image ac:alt="Gone"><ri:attachment ri:filename="gone.png"/></ac:image> <ac:image>',
      '<ri:url ri:value="https://cdn.example/x.png?a=1&amp;b=2"/></ac:image></p>',
    ],
    markdown: '![Plan](https://example.net/wiki/download/plan%20v2.png) Gone (gone.png) ![](https://cdn.example/x.png?a=1&b=2)',
  },
  {
    name: 'an image with a caption and a link',
    storage: [
      '<ac:image ac:layout="center" ac:alt="Graph" ac:href="https://g.example/">',
      '<ri:attachment ri:filename="plan v2.png"/><ac:caption><p>Growth in <em>2026</em></p></ac:caption>',
      '</ac:image>',
    ],
    markdown: [
      '[![Graph](https://example.net/wiki/download/plan%20v2.png)](https://g.example/)',
      '',
      'Growth in *2026*',
    ],
  },
  {
    name: 'emoticons, old and new',
    storage: [
      '<p>',
      '<ac:emoticon ac:name="tick"/> <ac:emoticon ac:name="smile" ac:emoji-shortname=":smile:" ac:emoji-id="1f604" ac:emoji-fallback="😄"/> <ac:emoticon ac:name="blue-star" ac:emoji-shortname=":party_parrot:" ac:emoji-id="atl" ac:emoji-fallback=":party_parrot:"/>',
      '</p>',
    ],
    markdown: '✅ 😄 :party_parrot:',
  },
  {
    name: 'people: known, unknown, with a text of their own, by name',
    storage: [
      '<p><ac:link><ri:user ri:account-id="557:abc"/></ac:link> <ac:link><ri:user ri:userkey="ff80"/>',
      '</ac:link> <ac:link><ri:user ri:userkey="ff81"/><ac:link-body>Bob B.</ac:link-body>',
      '</ac:link> <ac:link><ri:user ri:username="jdoe"/></ac:link></p>',
    ],
    markdown: '@Ann Lee @unknown user Bob B. @jdoe',
  },
  {
    name: 'page links: with text, by title, into another space, with anchor, unknown',
    storage: [
      '<p><ac:link><ri:page ri:content-title="Set up"/><ac:plain-text-link-body><![CDATA[how to [start]]]>',
      '</ac:plain-text-link-body></ac:link>, <ac:link><ri:page ri:content-title="Set up"/>',
      '</ac:link>, <ac:link ac:anchor="Step two"><ri:page ri:content-title="Set up"/>',
      '<ac:link-body>step <strong>2</strong></ac:link-body></ac:link>, <ac:link>',
      '<ri:content-entity ri:content-id="77"/></ac:link>, <ac:link>',
      '<ri:page ri:space-key="OPS" ri:content-title="No such page"/></ac:link></p>',
    ],
    markdown: '[how to \\[start\\]](https://example.net/wiki/pages/77), [Set up](https://example.net/wiki/pages/77), [step **2**](https://example.net/wiki/pages/77#Step%20two), [Set up](https://example.net/wiki/pages/77), No such page',
  },
  {
    name: 'a page that is named by its id alone: its title, else its address, else the id',
    storage: [
      '<p><ac:link><ri:content-entity ri:content-id="77"/></ac:link>, <ac:link>',
      '<ri:content-entity ri:content-id="124" ri:version-at-save="4"/></ac:link>, <ac:link>',
      '<ri:content-entity ri:content-id="125"/></ac:link></p>',
    ],
    markdown: '[Set up](https://example.net/wiki/pages/77), https://example.net/wiki/pages/124, 125',
  },
  {
    name: 'links to attachments, spaces, blog posts, anchors and the web',
    storage: [
      '<p><ac:link><ri:attachment ri:filename="plan v2.png"/></ac:link> <ac:link>',
      '<ri:space ri:space-key="OPS"/></ac:link> <ac:link>',
      '<ri:blog-post ri:content-title="News" ri:posting-day="2026/01/02"/>',
      '</ac:link> <ac:link ac:anchor="top"><ac:plain-text-link-body><![CDATA[up]]>',
      '</ac:plain-text-link-body>',
      '</ac:link> <a href="/wiki/x/1">short</a> <a href="https://e.example/a_b">https://e.example/a_b</a> <a href="javascript:alert(1)">no</a> <a href="mailto:a@e.example">mail</a>',
      '</p>',
    ],
    markdown: '[plan v2.png](https://example.net/wiki/download/plan%20v2.png) [OPS](https://example.net/wiki/display/OPS) [News](https://example.net/wiki/pages/8) [up](https://example.net/wiki/pages/1#top) [short](https://example.net/wiki/x/1) https://e.example/a_b no [mail](mailto:a@e.example)',
  },
  {
    name: 'dates',
    storage: '<p>Due <time datetime="2026-02-28"/>.</p>',
    markdown: 'Due 2026-02-28.',
  },
  {
    name: 'inline comments keep the text',
    storage: '<p>Some <ac:inline-comment-marker ac:ref="x">marked words</ac:inline-comment-marker>.</p>',
    markdown: 'Some marked words.',
  },
  {
    name: 'Jira issues',
    storage: [
      '<p>See <ac:structured-macro ac:name="jira"><ac:parameter ac:name="server">Jira</ac:parameter>',
      '<ac:parameter ac:name="key">ABC-12</ac:parameter></ac:structured-macro></p>',
      '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="columns">key</ac:parameter>',
      '<ac:parameter ac:name="jqlQuery">project = ABC</ac:parameter></ac:structured-macro>',
    ],
    markdown: [
      'See ABC-12',
      '',
      'Jira issues: `project = ABC`',
    ],
  },
  {
    name: 'Jira issues as older pages have them',
    storage: [
      '<p>See <ac:structured-macro ac:name="jira"><ac:parameter ac:name="">ABC-13</ac:parameter></ac:structured-macro></p>',
      '<ac:structured-macro ac:name="jiraissues"><ac:parameter ac:name="url">https://jira.example/filter/7</ac:parameter>',
      '</ac:structured-macro>',
    ],
    markdown: [
      'See ABC-13',
      '',
      'https://jira.example/filter/7',
    ],
  },
  {
    name: 'view-file',
    storage: [
      '<ac:structured-macro ac:name="view-file"><ac:parameter ac:name="name">',
      '<ri:attachment ri:filename="plan v2.png"/></ac:parameter>',
      '<ac:parameter ac:name="height">250</ac:parameter></ac:structured-macro>',
    ],
    markdown: '[plan v2.png](https://example.net/wiki/download/plan%20v2.png)',
  },
  {
    name: 'multi-line links and linked headings',
    storage: '<a href="https://e.example/"><h3>Linked</h3></a>',
    markdown: '### [Linked](https://e.example/)',
  },
  {
    name: 'profile',
    storage: [
      '<p><ac:structured-macro ac:name="profile"><ac:parameter ac:name="user">',
      '<ri:user ri:account-id="557:abc"/></ac:parameter></ac:structured-macro></p>',
    ],
    markdown: '@Ann Lee',
  },
  {
    name: 'what older pages have as text: a person, an address',
    storage: [
      '<p><ac:structured-macro ac:name="profile"><ac:parameter ac:name="user">jdoe</ac:parameter></ac:structured-macro></p>',
      '<ac:structured-macro ac:name="rss"><ac:parameter ac:name="">https://e.example/feed</ac:parameter></ac:structured-macro>',
    ],
    markdown: [
      '@jdoe',
      '',
      'https://e.example/feed',
    ],
  },
  {
    name: 'an address beside other words',
    storage: '<p>a<ac:link><ri:content-entity ri:content-id="124"/></ac:link>b<em>c</em> <a href="https://e.example/">https://e.example/</a>, d</p>',
    markdown: 'a https://example.net/wiki/pages/124 b*c* https://e.example/, d',
  },
  {
    name: 'footnotes made of links',
    storage: [
      '<p>Fact<sup><ac:link ac:anchor="d1"><ac:link-body>1</ac:link-body></ac:link></sup>.</p><ol><li>',
      '<p>Proof. <ac:link ac:anchor="r1"><ac:link-body>↩</ac:link-body></ac:link></p></li></ol>',
    ],
    markdown: [
      'Fact^1.',
      '',
      '1. Proof.',
    ],
  },
]

describe('Links, people, images and dates of storage format', () => {
  it.each(CASES)('$name', ({ storage, markdown }) => {
    expect(convert(storage)).toBe([markdown].flat().join('\n'))
  })
})
