import fc from 'fast-check'
import type { Nodes, PhrasingContent, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'

import { toMarkdown } from './to-markdown.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 300)

const paragraph = (...children: PhrasingContent[]): Root => ({ type: 'root', children: [{ type: 'paragraph', children }] })
const text = (value: string): PhrasingContent => ({ type: 'text', value })

describe('Markdown of a tree', () => {
  test('delimiters in texts beside each other are escaped, lone ones are not', () => {
    expect(toMarkdown(paragraph(text('*args '), { type: 'strong', children: [text('b')] }))).toBe('*args **b**')
    expect(toMarkdown(paragraph(text('*a '), { type: 'inlineCode', value: 'b' }, text(' c*')))).toBe('\\*a `b` c\\*')
  })

  test('a closing run of number signs is kept', () => {
    const heading = (value: string): Nodes => ({ type: 'heading', depth: 2, children: [text(value) as never] })
    expect([toMarkdown(heading('C #')), toMarkdown(heading('C#'))]).toEqual(['## C \\#', '## C#'])
  })

  test('information of a code block is one line', () => {
    expect(toMarkdown({ type: 'code', lang: 'a`\nb', value: 'c' })).toBe('```a b\nc\n```')
  })

  test('rows of a table are not padded to the longest', () => {
    const cell = (value: string) => ({ type: 'tableCell' as const, children: [text(value)] })
    const row = (...cells: string[]) => ({ type: 'tableRow' as const, children: cells.map(cell) })
    expect(toMarkdown({ type: 'table', children: [row('a'), row('b', 'c|d')] })).toBe('| a |  |\n| --- | --- |\n| b | c\\|d |')
  })

  test('every kind of node is written', () => {
    const tree: Root = {
      type: 'root',
      children: [
        { type: 'math', value: 'x' },
        { type: 'html', value: '<hr>' },
        { type: 'definition', identifier: 'a', url: 'b' },
        { type: 'footnoteDefinition', identifier: '1', children: [{ type: 'paragraph', children: [text('n')] }] },
        { type: 'list', ordered: true, start: 9, children: [{ type: 'listItem', checked: true, children: [{ type: 'paragraph', children: [text('i')] }] }] },
      ],
    }
    expect(toMarkdown(tree)).toBe('$$\nx\n$$\n\n<hr>\n\n[a]: b\n\n[^1]: n\n\n9. [x] i')
  })
})

function plain(node: Nodes): string {
  if (node.type === 'break') return '\n'
  if ('value' in node) return node.value
  if (node.type === 'image') return node.alt ?? ''
  return 'children' in node ? node.children.map(plain).join('') : ''
}

const words = fc
  .array(fc.constantFrom('a', 'b1', ' ', ' ', '*', '**', '_', '__', '~~', '`', '``', '[', ']', '(', ')', '](', '!', '#', '>', '-', '+', '1.', '2)', '=', '<b>', '<T>', '&amp;', '&', '\\', '|', ':', '.', '^', '[^1]', '$', 'é', '—'), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join('').replace(/\s+/g, ' '))

const atoms: fc.Arbitrary<PhrasingContent> = fc.oneof(
  { weight: 3, arbitrary: words.map(text) },
  words.filter((value) => value.trim() === value).map((value): PhrasingContent => ({ type: 'inlineCode', value })),
  fc.record({ kind: fc.constantFrom('emphasis' as const, 'strong' as const, 'delete' as const), value: words.filter((value) => value.trim() === value) }).map(({ kind, value }): PhrasingContent => ({ type: kind, children: [text(value)] })),
  words.filter((value) => value.trim() === value).map((value): PhrasingContent => ({ type: 'link', url: 'https://a.test/', children: [text(value) as never] })),
)

describe('what is written is read back', () => {
  const emphasis = (value: string): PhrasingContent => ({ type: 'emphasis', children: [text(value)] })
  const strong = (value: string): PhrasingContent => ({ type: 'strong', children: [text(value)] })

  test.each<[string, PhrasingContent[]]>([
    ['\\*a*a*', [text('*a'), emphasis('a')]],
    ['\\*\\*~~**a**__', [text('**~~'), strong('a'), text('__')]],
    ['\\[a]:aa', [text('[a'), emphasis(']:a'), text('a')]],
    ['2 * 3 *a* b', [text('2 * 3 '), emphasis('a'), text(' b')]],
    ['a* *b* c', [text('a* '), emphasis('b'), text(' c')]],
  ])('%s', (markdown, children) => {
    expect(toMarkdown(paragraph(...children))).toBe(markdown)
    const read = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
    expect(plain(read)).toBe(plain(paragraph(...children)))
  })

  test('a Markdown reader sees the same text, and no markup in it that was not there', () => {
    fc.assert(
      fc.property(fc.array(atoms, { minLength: 1, maxLength: 5 }), (children) => {
        const tree = paragraph(...children)
        const expected = plain(tree).replace(/\s+/g, ' ').trim()
        fc.pre(expected !== '')
        const markdown = toMarkdown(tree)
        const read = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
        // Names that are no HTML elements are left as they are; to this reader they are HTML.
        expect(plain(read).replace(/\s+/g, ' ').trim(), JSON.stringify(markdown)).toBe(expected)
        expect(read.children.map(({ type }) => type)).toSatisfy((types: string[]) => types.every((type) => type === 'paragraph' || type === 'html'))
      }),
      { numRuns: RUNS },
    )
  })
})
