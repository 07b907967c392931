import fc from 'fast-check'
import { expect, it } from 'vitest'
import { adfToMarkdown } from '../src/index.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200)

const TYPES = [
  'doc', 'paragraph', 'heading', 'bulletList', 'orderedList', 'listItem', 'taskList', 'taskItem', 'blockTaskItem', 'decisionList', 'decisionItem',
  'panel', 'blockquote', 'codeBlock', 'table', 'tableRow', 'tableCell', 'tableHeader', 'expand', 'nestedExpand', 'mediaSingle', 'mediaGroup', 'caption',
  'layoutSection', 'layoutColumn', 'bodiedExtension', 'bodiedSyncBlock', 'multiBodiedExtension', 'extensionFrame', 'madeUp',
]
const MARKS = ['strong', 'em', 'strike', 'code', 'underline', 'subsup', 'link', 'textColor', 'madeUp']
const WITH_TEXT = ['mention', 'status', 'emoji', 'extension', 'inlineExtension', 'madeUpInline']

interface Node {
  type: string
  text?: string
  attrs?: Record<string, unknown>
  marks?: unknown[]
  content?: Node[]
}

const attributes = fc.record({
  level: fc.integer({ min: -1, max: 9 }),
  order: fc.integer({ min: -1, max: 9 }),
  colspan: fc.integer({ min: -1, max: 5 }),
  rowspan: fc.integer({ min: -1, max: 5 }),
  state: fc.constantFrom('TODO', 'DONE'),
  panelType: fc.constantFrom('info', 'custom', 'odd'),
  isNumberColumnEnabled: fc.boolean(),
}, { requiredKeys: [] })

const marks = fc.array(fc.constantFrom(...MARKS).map(type => ({ type, attrs: { type: 'sup', href: 'https://e.example/' } })), { maxLength: 4 })

const tree = fc.letrec<{ node: Node }>(tie => ({
  node: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ type: fc.constant('text'), text: fc.constant('$'), marks }),
    fc.record({ type: fc.constantFrom(...WITH_TEXT), attrs: fc.constant({ text: '$' }) }),
    fc.record({ type: fc.constantFrom('hardBreak', 'rule', 'placeholder', 'date', 'media', 'inlineCard') }),
    fc.record({ type: fc.constantFrom(...TYPES), attrs: attributes, content: fc.array(tie('node'), { maxLength: 4 }) }),
  ),
})).node

/** Puts a word of its own in each place for text. */
function withWords(node: Node, words: string[]): Node {
  const word = (): string => {
    words.push(`w${words.length}q`)
    return ` ${words.at(-1)} *`
  }
  return {
    ...node,
    ...(node.text !== undefined && { text: word() }),
    ...(node.attrs?.['text'] !== undefined && { attrs: { text: word() } }),
    ...(node.content && { content: node.content.map(child => withWords(child, words)) }),
  }
}

it('shows every word of a document, however its nodes are nested', () => {
  fc.assert(fc.property(fc.array(tree, { maxLength: 6 }), content => {
    const words: string[] = []
    const document = { type: 'doc', content: content.map(node => withWords(node, words)) }
    const shown = new Set(adfToMarkdown(document).match(/w\d+q/g))
    expect(words.filter(word => !shown.has(word))).toEqual([])
  }), { numRuns: RUNS })
})

it('never throws and gives the same again, for any JSON', () => {
  const name = fc.oneof(fc.constantFrom('type', 'attrs', 'content', 'marks', 'text', 'url', 'data', 'timestamp', 'parameters', 'macroParams', 'value'), fc.string())
  const value = fc.letrec<{ json: unknown }>(tie => ({
    json: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(...TYPES, ...WITH_TEXT, 'text', 'date', 'media', 'inlineCard', null, true, -1, 1e300, Number.NaN, ''),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(name, tie('json'), { maxKeys: 5 }),
    ),
  })).json
  fc.assert(fc.property(value, json => {
    expect(adfToMarkdown(json)).toBe(adfToMarkdown(json))
  }), { numRuns: RUNS })
})
