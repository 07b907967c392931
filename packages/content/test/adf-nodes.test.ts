import { describe, expect, it } from 'vitest'
import { adfToMarkdown, type AdfOptions } from '../src/index.ts'

const OPTIONS: AdfOptions = {
  baseUrl: 'https://example.net',
  userName: id => id === 'u1' ? 'Ann Lee' : undefined,
  resolveMedia: ({ id }) => ({
    m1: { url: 'https://example.net/plan.png', name: 'plan.png', mimeType: 'image/png' },
    m2: { url: 'https://example.net/a.pdf', name: 'a.pdf', mimeType: 'application/pdf' },
  })[id],
}

type Node = Record<string, unknown>

const text = (value: string, ...marks: (string | Node)[]): Node => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 && { marks: marks.map(mark => typeof mark === 'string' ? { type: mark } : mark) }),
})
const node = (type: string, attrs: Node, ...content: unknown[]): Node => ({ type, attrs, ...(content.length > 0 && { content }) })
const p = (...content: unknown[]): Node => node('paragraph', {}, ...content.map(item => typeof item === 'string' ? text(item) : item))
const cell = (type: 'tableCell' | 'tableHeader', value: string, attrs: Node = {}): Node => node(type, attrs, p(value))

function convert(...content: unknown[]): string {
  return adfToMarkdown({ type: 'doc', version: 1, content }, OPTIONS)
}

/** What each node type of the schema (57.7.22 of the editor's) reads as. */
const NODES: Record<string, [Node | Node[], string]> = {
  doc: [node('doc', {}, p('inner')), 'inner'],
  text: [p('a * b'), 'a * b'],
  paragraph: [[p('one'), p('two')], 'one\n\ntwo'],
  heading: [[node('heading', { level: 2 }, text('Title')), node('heading', { level: 9 }, text('Odd'))], '## Title\n\n# Odd'],
  bulletList: [node('bulletList', {}, node('listItem', {}, p('a'), node('bulletList', {}, node('listItem', {}, p('b'))))), '- a\n  - b'],
  orderedList: [node('orderedList', { order: 3 }, node('listItem', {}, p('a')), node('listItem', {}, p('b'))), '3. a\n4. b'],
  listItem: [node('listItem', {}, p('alone')), 'alone'],
  taskList: [
    node('taskList', {}, node('taskItem', { state: 'DONE' }, text('a')), node('taskList', {}, node('taskItem', { state: 'TODO' }, text('b')))),
    '- [x] a\n  - [ ] b',
  ],
  taskItem: [node('taskItem', { state: 'TODO' }, text('alone')), 'alone'],
  blockTaskItem: [node('taskList', {}, node('blockTaskItem', { state: 'DONE' }, p('a'))), '- [x] a'],
  decisionList: [node('decisionList', {}, node('decisionItem', { state: 'DECIDED' }, text('go'))), '- **Decision:** go'],
  decisionItem: [node('decisionItem', {}, text('alone')), 'alone'],
  blockquote: [node('blockquote', {}, p('q'), p('r')), '> q\n>\n> r'],
  panel: [node('panel', { panelType: 'warning' }, p('hot')), '> **Warning:** hot'],
  'panel, custom': [node('panel', { panelType: 'custom', panelIcon: ':bulb:', panelIconText: '💡' }, p('idea')), '> 💡 idea'],
  codeBlock: [node('codeBlock', { language: 'js' }, text('a()\n'), text('```')), '````js\na()\n```\n````'],
  rule: [[p('a'), node('rule', {}), p('b')], 'a\n\n---\n\nb'],
  table: [
    node('table', { isNumberColumnEnabled: true },
      node('tableRow', {}, cell('tableHeader', 'A'), cell('tableHeader', 'B')),
      node('tableRow', {}, cell('tableCell', '1', { rowspan: 2 }), cell('tableCell', 'x|y')),
      node('tableRow', {}, cell('tableCell', 'z'))),
    '| # | A | B |\n| --- | --- | --- |\n| 1 | 1 | x\\|y |\n| 2 | 1 | z |',
  ],
  tableRow: [node('tableRow', {}, cell('tableCell', 'alone')), 'alone'],
  tableHeader: [
    node('table', {}, node('tableRow', {}, cell('tableHeader', 'K'), cell('tableCell', 'v')), node('tableRow', {}, cell('tableHeader', 'L'), cell('tableCell', 'w'))),
    '|  |  |\n| --- | --- |\n| **K** | v |\n| **L** | w |',
  ],
  tableCell: [
    node('table', {}, node('tableRow', {}, cell('tableCell', 'wide', { colspan: 2 })), node('tableRow', {}, cell('tableCell', 'a'), cell('tableCell', 'b'))),
    '|  |  |\n| --- | --- |\n| wide |  |\n| a | b |',
  ],
  expand: [node('expand', { title: 'More' }, p('in')), '**More**\n\nin'],
  nestedExpand: [node('nestedExpand', { title: 'More' }, p('in')), '**More**\n\nin'],
  media: [node('media', { type: 'external', url: 'https://e.example/x.png', alt: 'X' }), '![X](https://e.example/x.png)'],
  mediaSingle: [
    [
      node('mediaSingle', { layout: 'center' }, node('media', { type: 'file', id: 'm1', collection: 'c' }), node('caption', {}, text('A plan'))),
      node('mediaSingle', {}, node('media', { type: 'file', id: '?', collection: 'c', alt: 'gone.png' })),
    ],
    '![plan.png](https://example.net/plan.png)\n\nA plan\n\ngone.png',
  ],
  mediaGroup: [
    node('mediaGroup', {}, node('media', { type: 'file', id: 'm2' }), node('media', { type: 'file', id: 'm1' })),
    '[a.pdf](https://example.net/a.pdf)\n\n![plan.png](https://example.net/plan.png)',
  ],
  mediaInline: [p('see ', node('mediaInline', { type: 'file', id: 'm2', alt: 'the file' })), 'see [the file](https://example.net/a.pdf)'],
  caption: [node('caption', {}, text('alone')), 'alone'],
  mention: [
    p(node('mention', { id: 'u1', text: '@Old' }), ' ', node('mention', { id: 'u2', text: '@Bob' }), ' ', node('mention', { id: 'u3' })),
    '@Ann Lee @Bob @unknown user',
  ],
  emoji: [p(node('emoji', { shortName: ':smile:', text: '\u{1F604}' }), node('emoji', { shortName: ':parrot:' })), '\u{1F604}:parrot:'],
  date: [p('by ', node('date', { timestamp: '1772323199000' }), ' or ', node('date', { timestamp: 'soon' })), 'by 2026-02-28 or soon'],
  status: [p('is ', node('status', { text: 'In Progress', color: 'blue' })), 'is In Progress'],
  inlineCard: [
    p('see', node('inlineCard', { url: 'https://e.example/a' }), ' ', node('inlineCard', { data: { url: 'https://e.example/b', name: 'B' } })),
    'see https://e.example/a [B](https://e.example/b)',
  ],
  blockCard: [[p('a'), node('blockCard', { url: 'https://e.example/a' }), p('b')], 'a\n\nhttps://e.example/a\n\nb'],
  embedCard: [node('embedCard', { url: 'https://e.example/a', layout: 'wide' }), 'https://e.example/a'],
  hardBreak: [p('a', node('hardBreak', { text: '\n' }), 'b'), 'a  \nb'],
  layoutSection: [node('layoutSection', {}, node('layoutColumn', { width: 50 }, p('l')), node('layoutColumn', { width: 50 }, p('r'))), 'l\n\nr'],
  layoutColumn: [node('layoutColumn', {}, p('alone')), 'alone'],
  extension: [
    [
      node('extension', { extensionType: 'x', extensionKey: 'chart', text: 'Sales chart', parameters: { macroParams: { title: { value: 'Sales' } } } }),
      node('extension', { extensionType: 'com.atlassian.confluence.macro.core', extensionKey: 'toc', parameters: { macroParams: { maxLevel: { value: '2' } } } }),
    ],
    'Sales chart Sales',
  ],
  inlineExtension: [p('a ', node('inlineExtension', { extensionKey: 'k', text: 'fallback' }), ' b'), 'a fallback b'],
  bodiedExtension: [
    [
      node('bodiedExtension', { extensionKey: 'info', parameters: { macroParams: { title: { value: 'Look' } } } }, p('body')),
      node('bodiedExtension', { extensionKey: 'other', text: 'Name' }, p('body')),
    ],
    '> **Info: Look**\n>\n> body\n\n**Name**\n\nbody',
  ],
  placeholder: [p('a', node('placeholder', { text: 'Type here' })), 'a'],
  syncBlock: [[p('a'), node('syncBlock', { resourceId: 'r' })], 'a'],
  bodiedSyncBlock: [node('bodiedSyncBlock', { resourceId: 'r' }, p('synced')), 'synced'],
}

const MARKS: Record<string, [Node[], string]> = {
  strong: [[text('a', 'strong')], '**a**'],
  em: [[text('a', 'em')], '*a*'],
  strike: [[text('a', 'strike')], '~~a~~'],
  code: [[text('a_b', 'code', 'strong')], '**`a_b`**'],
  link: [
    [text('a', { type: 'link', attrs: { href: '/browse/A-1' } }), text(' b', { type: 'link', attrs: { href: 'javascript:x' } })],
    '[a](https://example.net/browse/A-1) b',
  ],
  underline: [[text('a', 'underline')], 'a'],
  subsup: [[text('10'), text('6', { type: 'subsup', attrs: { type: 'sup' } }), text(' H'), text('2', { type: 'subsup', attrs: { type: 'sub' } })], '10^6 H2'],
  textColor: [[text('a', { type: 'textColor', attrs: { color: '#f00' } })], 'a'],
  backgroundColor: [[text('a', { type: 'backgroundColor', attrs: { color: '#f00' } })], 'a'],
  annotation: [[text('a', { type: 'annotation', attrs: { id: '1', annotationType: 'inlineComment' } })], 'a'],
  fontSize: [[text('a', { type: 'fontSize', attrs: { fontSize: 'small' } })], 'a'],
}

const BLOCK_MARKS = ['alignment', 'border', 'breakout', 'dataConsumer', 'fragment', 'indentation']

describe('Atlassian documents', () => {
  it.each(Object.entries(NODES))('node %s', (_type, [content, markdown]) => {
    expect(convert(...[content].flat())).toBe(markdown)
  })

  it.each(Object.entries(MARKS))('mark %s', (_type, [content, markdown]) => {
    expect(convert(p(...content))).toBe(markdown)
  })

  it.each(BLOCK_MARKS)('mark %s is about the look of a block', type => {
    expect(convert({ ...p('a'), marks: [{ type, attrs: { level: 1 } }] })).toBe('a')
  })

  it('keeps what unknown nodes say and hold', () => {
    const unknown = node('newBlock', { text: 'own' }, p('below'), node('other', {}, text('deeper')))
    const inline = p('a ', node('newInline', { text: 'b' }), text('c', 'newMark'))
    const replaced = node('unsupportedBlock', { originalValue: p('original') })
    expect(convert(unknown, inline, replaced)).toBe('own\n\nbelow\n\ndeeper\n\na b c\n\noriginal')
  })

  it('takes what is no document for what it says', () => {
    expect(adfToMarkdown(null)).toBe('')
    expect(adfToMarkdown(undefined)).toBe('')
    expect(adfToMarkdown('plain *text*')).toBe('plain \\*text\\*')
    expect(adfToMarkdown([p('a'), 'b', 7, null, { content: 'c' }])).toBe('a\n\nb\n\nc')
  })
})
