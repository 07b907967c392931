import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { htmlToMarkdown } from './html-to-markdown.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200)

/** Words that occur once each, with the characters that Markdown could take for markup around and in them. */
const MARKS = ['', '*', '_', '`', '~', '#', '[', ']', '(', ')', '<', '>', '|', '\\', '&', '!', '-', '+', '.', ':', '1.', '**', '~~', '``', '&lt;', '![', '](']
const CONTAINERS = ['p', 'div', 'span', 'b', 'em', 'del', 'a href="/x"', 'a name="y"', 'code', 'pre', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'tr', 'td', 'td colspan=3', 'td rowspan=2', 'th', 'thead', 'caption', 'blockquote', 'h1', 'h3', 'sup', 'kbd', 'q', 'details', 'summary', 'figure', 'figcaption', 'section', 'div class="admonition note"', 'p class="admonition-title"', 'div class="highlight-c"', 'label', 'i', 'x-custom']

const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

interface Made {
  readonly html: string
  readonly words: readonly string[]
}

/** HTML with every word in order, well-formed or not. */
const documents: fc.Arbitrary<Made> = fc
  .array(
    fc.oneof(
      fc.record({ kind: fc.constant('open' as const), tag: fc.constantFrom(...CONTAINERS) }),
      fc.record({ kind: fc.constant('close' as const), tag: fc.constantFrom(...CONTAINERS) }),
      fc.record({
        kind: fc.constant('text' as const),
        tag: fc.constant(''),
        before: fc.constantFrom(...MARKS),
        after: fc.constantFrom(...MARKS),
        space: fc.constantFrom('', ' ', '\n', '&nbsp;', '<br>', '<br><br>', '<!-- c -->', '<hr>'),
      }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => {
    let html = ''
    const words: string[] = []
    for (const part of parts) {
      if (part.kind === 'open') html += `<${part.tag}>`
      else if (part.kind === 'close') html += `</${part.tag.split(' ')[0]}>`
      else {
        const word = `${part.before}w${words.length}w${part.after}`
        words.push(word)
        html += escapeHtml(word) + part.space
      }
    }
    return { html, words }
  })

/** White space, backslashes and the HTML that Markdown holds taken away, as from the words that are looked for. */
const bare = (text: string): string => text.replace(/<\/?(?:kbd|sub|sup)>|<br>|[\\\s]+/g, '')

describe('random HTML', () => {
  test('loses no visible text', () => {
    fc.assert(
      fc.property(documents, ({ html, words }) => {
        const markdown = bare(htmlToMarkdown(html))
        for (const word of words) expect(markdown).toContain(bare(word))
      }),
      { numRuns: RUNS },
    )
  })

  test('gives the same result each time', () => {
    fc.assert(
      fc.property(documents, ({ html }) => {
        expect(htmlToMarkdown(html)).toBe(htmlToMarkdown(html))
      }),
      { numRuns: Math.min(RUNS, 50) },
    )
  })

  test('never throws, whatever the characters', () => {
    const scraps = fc.constantFrom('<', '>', '</', '<!', '<!--', '-->', '"', "'", '=', '&', '&#x', ';', '<table', '<svg>', '<math>', '<template>', '<script>', '<select>', '<frameset>', '<a href=', '\0', '\uD800', '<pre>\n', '<plaintext>')
    fc.assert(
      fc.property(fc.array(fc.oneof(scraps, fc.string({ maxLength: 5, unit: 'grapheme' }), fc.constantFrom(...CONTAINERS.map((tag) => `<${tag}>`))), { maxLength: 60 }), (parts) => {
        htmlToMarkdown(parts.join(''))
      }),
      { numRuns: RUNS },
    )
  })
})
