import { describe, expect, it } from 'vitest'
import { convert, type StorageCase } from './storage-world.ts'

const CASES: StorageCase[] = [
  {
    name: 'an anchor macro in a heading leaves nothing',
    storage: [
      '<h2><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">here</ac:parameter>',
      '</ac:structured-macro>Set&nbsp;up</h2>',
    ],
    markdown: '## Set up',
  },
  {
    name: 'an item with paragraphs and code',
    storage: [
      '<ol><li><p>Run</p><ac:structured-macro ac:name="code">',
      '<ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body><![CDATA[make\nmake test]]>',
      '</ac:plain-text-body></ac:structured-macro><p>and wait</p></li><li>done</li></ol>',
    ],
    markdown: [
      '1. Run',
      '',
      '   ```bash',
      '   make',
      '   make test',
      '   ```',
      '',
      '   and wait',
      '',
      '2. done',
    ],
  },
  {
    name: 'layouts in reading order',
    storage: [
      '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>left</p></ac:layout-cell>',
      '<ac:layout-cell><p>right</p></ac:layout-cell></ac:layout-section>',
      '<ac:layout-section ac:type="single"><ac:layout-cell><p>below</p></ac:layout-cell>',
      '</ac:layout-section></ac:layout>',
    ],
    markdown: [
      'left',
      '',
      'right',
      '',
      'below',
    ],
  },
  {
    name: 'code with language and title',
    storage: [
      '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">java</ac:parameter>',
      '<ac:parameter ac:name="title">Main.java</ac:parameter>',
      '<ac:parameter ac:name="linenumbers">true</ac:parameter><ac:plain-text-body>',
      '<![CDATA[if (a < b && c) {\n  run("&amp;");\n}]]></ac:plain-text-body></ac:structured-macro>',
    ],
    markdown: [
      '**Main.java**',
      '',
      '```java',
      'if (a < b && c) {',
      '  run("&amp;");',
      '}',
      '```',
    ],
  },
  {
    name: 'CDATA that holds its own end',
    storage: [
      '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x[y[0]]]]><![CDATA[>1]]>',
      '</ac:plain-text-body></ac:structured-macro>',
    ],
    markdown: [
      '```',
      'x[y[0]]>1',
      '```',
    ],
  },
  {
    name: 'noformat and fences in it',
    storage: [
      '<ac:structured-macro ac:name="noformat"><ac:plain-text-body><![CDATA[\n  ```\n  a\n]]>',
      '</ac:plain-text-body></ac:structured-macro>',
    ],
    markdown: [
      '````',
      '  ```',
      '  a',
      '````',
    ],
  },
  {
    name: 'panels with and without a title',
    storage: [
      '<ac:structured-macro ac:name="warning"><ac:rich-text-body><p>Hot</p></ac:rich-text-body>',
      '</ac:structured-macro><ac:structured-macro ac:name="info">',
      '<ac:parameter ac:name="title">Before you start</ac:parameter><ac:rich-text-body><p>Read this</p><ul>',
      '<li>a</li></ul></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="panel">',
      '<ac:parameter ac:name="bgColor">#fff</ac:parameter><ac:parameter ac:name="title">Aims</ac:parameter>',
      '<ac:rich-text-body><p>Less</p></ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: [
      '> **Warning:** Hot',
      '',
      '> **Info: Before you start**',
      '>',
      '> Read this',
      '>',
      '> - a',
      '',
      '> **Aims**',
      '>',
      '> Less',
    ],
  },
  {
    name: 'panels of the Cloud editor',
    storage: [
      '<ac:adf-extension><ac:adf-node type="panel">',
      '<ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>Remember</p>',
      '</ac:adf-content></ac:adf-node><ac:adf-fallback><div class="panel"><p>Remember</p></div>',
      '</ac:adf-fallback></ac:adf-extension><ac:adf-extension><ac:adf-node type="panel">',
      '<ac:adf-attribute key="panel-type">custom</ac:adf-attribute><ac:adf-content><p>Own colours</p>',
      '</ac:adf-content></ac:adf-node></ac:adf-extension>',
    ],
    markdown: [
      '> **Note:** Remember',
      '',
      '> Own colours',
    ],
  },
  {
    name: 'decisions of the Cloud editor',
    storage: [
      '<ac:adf-extension><ac:adf-node type="decision-list">',
      '<ac:adf-attribute key="local-id">x</ac:adf-attribute><ac:adf-node type="decision-item">',
      '<ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>Go <strong>now</strong>',
      '</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><ul class="decision-list">',
      '<li>Go <strong>now</strong></li></ul></ac:adf-fallback></ac:adf-extension>',
    ],
    markdown: '- **Decision:** Go **now**',
  },
  {
    name: 'other nodes of the Cloud editor by their fallback',
    storage: [
      '<ac:adf-extension><ac:adf-node type="new-thing"><ac:adf-content>new</ac:adf-content></ac:adf-node>',
      '<ac:adf-fallback><p>old</p></ac:adf-fallback></ac:adf-extension>',
    ],
    markdown: 'old',
  },
  {
    name: 'expand',
    storage: [
      '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">More</ac:parameter>',
      '<ac:rich-text-body><p>Hidden</p></ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: [
      '**More**',
      '',
      'Hidden',
    ],
  },
  {
    name: 'status in a sentence',
    storage: [
      '<p>It is <ac:structured-macro ac:name="status">',
      '<ac:parameter ac:name="title">in progress</ac:parameter></ac:structured-macro>, still.</p>',
    ],
    markdown: 'It is in progress, still.',
  },
  {
    name: 'macros that only show other pages leave nothing',
    storage: [
      '<ac:structured-macro ac:name="toc"><ac:parameter ac:name="maxLevel">2</ac:parameter>',
      '</ac:structured-macro><ac:structured-macro ac:name="children"/>',
      '<ac:structured-macro ac:name="pagetree"><ac:parameter ac:name="root">x</ac:parameter>',
      '</ac:structured-macro><ac:structured-macro ac:name="attachments"/>',
    ],
    markdown: '',
  },
  {
    name: 'formulas',
    storage: [
      '<p>So <ac:structured-macro ac:name="mathinline"><ac:parameter ac:name="body">a_1 * b</ac:parameter>',
      '</ac:structured-macro>.</p><ac:structured-macro ac:name="mathblock"><ac:plain-text-body>',
      '<![CDATA[\\sum_i x_i]]></ac:plain-text-body></ac:structured-macro>',
    ],
    markdown: [
      'So $a_1 * b$.',
      '',
      '$$',
      '\\sum_i x_i',
      '$$',
    ],
  },
  {
    name: 'diagrams as code',
    storage: [
      '<ac:structured-macro ac:name="mermaid"><ac:plain-text-body><![CDATA[graph TD; A-->B]]>',
      '</ac:plain-text-body></ac:structured-macro><ac:structured-macro ac:name="plantuml">',
      '<ac:plain-text-body><![CDATA[@startuml\nA -> B\n@enduml]]></ac:plain-text-body></ac:structured-macro>',
      '<ac:structured-macro ac:name="drawio"><ac:parameter ac:name="diagramName">Network</ac:parameter>',
      '<ac:parameter ac:name="revision">3</ac:parameter></ac:structured-macro>',
    ],
    markdown: [
      '```mermaid',
      'graph TD; A-->B',
      '```',
      '',
      '```plantuml',
      '@startuml',
      'A -> B',
      '@enduml',
      '```',
      '',
      'Network',
    ],
  },
  {
    name: 'unknown macros',
    storage: [
      '<ac:structured-macro ac:name="fancy"><ac:parameter ac:name="title">Fancy</ac:parameter>',
      '<ac:parameter ac:name="colour">red</ac:parameter><ac:rich-text-body><p>Body</p></ac:rich-text-body>',
      '</ac:structured-macro><ac:structured-macro ac:name="script-ish"><ac:plain-text-body>',
      '<![CDATA[x = 1]]></ac:plain-text-body></ac:structured-macro><ac:structured-macro ac:name="widget">',
      '<ac:parameter ac:name="url"><ri:url ri:value="https://v.example/1"/></ac:parameter>',
      '</ac:structured-macro>',
    ],
    markdown: [
      '**Fancy**',
      '',
      'Body',
      '',
      '```',
      'x = 1',
      '```',
      '',
      'https://v.example/1',
    ],
  },
  {
    name: 'Markdown macros are Markdown',
    storage: [
      '<ac:structured-macro ac:name="markdown"><ac:plain-text-body><![CDATA[## Inner\n\n- *x*]]>',
      '</ac:plain-text-body></ac:structured-macro>',
    ],
    markdown: [
      '## Inner',
      '',
      '- *x*',
    ],
  },
  {
    name: 'excerpts, hidden ones too',
    storage: [
      '<ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="hidden">true</ac:parameter>',
      '<ac:rich-text-body><p>In short</p></ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: 'In short',
  },
  {
    name: 'page properties',
    storage: [
      '<ac:structured-macro ac:name="details"><ac:rich-text-body><table><tbody><tr><th>Status</th>',
      '<td>Open</td></tr><tr><th>Due</th><td><time datetime="2026-05-01"/></td></tr></tbody></table>',
      '</ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: [
      '|  |  |',
      '| --- | --- |',
      '| **Status** | Open |',
      '| **Due** | 2026-05-01 |',
    ],
  },
  {
    name: 'footnotes',
    storage: [
      '<p>Fact<ac:structured-macro ac:name="footnote"><ac:rich-text-body><p>Says <em>who</em></p>',
      '</ac:rich-text-body></ac:structured-macro>.</p>',
    ],
    markdown: 'Fact (Says *who*).',
  },
  {
    name: 'a macro inside a paragraph that holds blocks',
    storage: [
      '<p>before<ac:structured-macro ac:name="info"><ac:rich-text-body><p>in</p></ac:rich-text-body>',
      '</ac:structured-macro>after</p>',
    ],
    markdown: [
      'before',
      '',
      '> **Info:** in',
      '',
      'after',
    ],
  },
  {
    name: 'a macro that is all a page has',
    storage: [
      '<ac:macro ac:name="tip"><ac:default-parameter>x</ac:default-parameter>',
      '<ac:rich-text-body>bare text</ac:rich-text-body></ac:macro>',
    ],
    markdown: '> **Tip:** bare text',
  },
  {
    name: 'nested panels in expand in list',
    storage: [
      '<ul><li><p>a</p><ac:structured-macro ac:name="note"><ac:rich-text-body><p>b</p></ac:rich-text-body>',
      '</ac:structured-macro></li></ul>',
    ],
    markdown: [
      '- a',
      '',
      '  > **Note:** b',
    ],
  },
  {
    name: 'an excerpt in a sentence',
    storage: [
      '<p>It costs <ac:structured-macro ac:name="excerpt">',
      '<ac:parameter ac:name="atlassian-macro-output-type">INLINE</ac:parameter><ac:rich-text-body>',
      '<p>5 <strong>EUR</strong></p></ac:rich-text-body></ac:structured-macro> a day.</p>',
    ],
    markdown: 'It costs 5 **EUR** a day.',
  },
  {
    name: 'bodies that a macro should not have',
    storage: [
      '<ac:structured-macro ac:name="code"><ac:rich-text-body><p>rich</p></ac:rich-text-body>',
      '</ac:structured-macro><ac:structured-macro ac:name="info">',
      '<ac:plain-text-body>plain</ac:plain-text-body></ac:structured-macro>',
      '<ac:structured-macro ac:name="toc">stray</ac:structured-macro>',
    ],
    markdown: [
      'rich',
      '',
      '> **Info**',
      '>',
      '> ```',
      '> plain',
      '> ```',
      '',
      'stray',
    ],
  },
  {
    name: 'a title that says what the panel is anyway',
    storage: [
      '<ac:structured-macro ac:name="note"><ac:rich-text-body><p><strong>NOTE:</strong></p><p>text</p>',
      '</ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: [
      '> **NOTE:**',
      '>',
      '> text',
    ],
  },
  {
    name: 'a first line that is a title',
    storage: [
      '<ac:structured-macro ac:name="tip"><ac:rich-text-body><p><strong>Save time</strong></p><p>text</p>',
      '</ac:rich-text-body></ac:structured-macro>',
    ],
    markdown: [
      '> **Tip: Save time**',
      '>',
      '> text',
    ],
  },
  {
    name: 'boxes before code',
    storage: [
      '<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>',
      '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body>',
      '</ac:structured-macro></ac:task-body></ac:task></ac:task-list>',
    ],
    markdown: [
      '- [ ]',
      '',
      '  ```',
      '  x',
      '  ```',
    ],
  },
]

describe('Macros of storage format', () => {
  it.each(CASES)('$name', ({ storage, markdown }) => {
    expect(convert(storage)).toBe([markdown].flat().join('\n'))
  })
})
