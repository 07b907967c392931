import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { chunkText } from './chunk-text.ts'
import type { Chunk } from './chunker.ts'
import { countTokens } from './token-counter.ts'

type Format = 'markdown' | 'code' | 'text'

const LARGE = { chunkSize: 512, chunkOverlap: 0 }

function markdown(text: string, chunkSize = 512, chunkOverlap = 0): Chunk[] {
  return chunkText({ text, format: 'markdown' }, { chunkSize, chunkOverlap })
}

function texts(chunks: readonly Chunk[]): string[] {
  return chunks.map((chunk) => chunk.text)
}

/** Sentences enough for a block of about so many tokens. */
function prose(tokens: number, about = 'it'): string {
  return Array.from({ length: Math.ceil(tokens / 10) }, (_, at) => `This is sentence ${at} about ${about} here.`).join(' ')
}

describe('Markdown', () => {
  it('is cut at headings, ATX and setext, and each chunk knows its path', () => {
    const text = 'Before.\n\n# Guide\n\nIntro.\n\n## Install ##\n\nSteps.\n\nUse\n---\n\nRun it.\n\n# Other\nText.\n'
    expect(markdown(text).map(({ headingPath, text: piece }) => [headingPath, piece])).toEqual([
      [[], 'Before.'],
      [['Guide'], '# Guide\n\nIntro.'],
      [['Guide', 'Install'], '## Install ##\n\nSteps.'],
      [['Guide', 'Use'], 'Use\n---\n\nRun it.'],
      [['Other'], '# Other\nText.'],
    ])
  })

  it('gives the embedder the headings that are not in the text anyway', () => {
    const [first, second] = markdown(`# Guide\n\n## Install\n\n${prose(50, 'one')}\n\n${prose(50, 'two')}\n\n${prose(50, 'three')}`, 120)
    expect(first?.embedderInput).toBe(first?.text)
    expect(first?.text).toMatch(/^# Guide\n\n## Install\n\nThis/)
    expect(second?.embedderInput).toBe(`Guide > Install\n\n${second?.text}`)
  })

  it('keeps a heading without text of its own with its first sub-heading, else alone', () => {
    expect(texts(markdown('# A\n\n## B\n\nText.\n\n## C\n\n## D\n'))).toEqual(['# A\n\n## B\n\nText.', '## C', '## D'])
  })

  it('takes a # in a fence, a list or a quote for text', () => {
    const text = '```sh\n# comment\n```\n\n- # item\n\n> # quote\n'
    expect(markdown(text).map(({ headingPath }) => headingPath)).toEqual([[]])
  })

  it('keeps front matter as text, and takes nothing in it for a heading', () => {
    for (const fence of ['---', '+++']) {
      const text = `${fence}\ntitle: x\n# no heading\n\nlong: true\n${fence}\n\n# Real\n\nText.\n`
      expect(markdown(text).map(({ headingPath }) => headingPath)).toEqual([[], ['Real']])
      expect(markdown(text)[0]?.text).toBe(`${fence}\ntitle: x\n# no heading\n\nlong: true\n${fence}`)
    }
  })

  it('may be nothing but front matter', () => {
    expect(texts(markdown('---\ntitle: x\n---\n'))).toEqual(['---\ntitle: x\n---'])
  })

  it.each([
    ['fenced block', '```ts', 'const a = 1\n\nconst b = 2', '```'],
    ['table', '| a | b |\n|---|---|', Array.from({ length: 8 }, (_, at) => `| cell ${at} | cell |`).join('\n'), '| z | z |'],
    ['HTML block', '<table>', '<tr>\n<td>cell</td>\n</tr>', '</table>'],
    ['indented block', '    first', '    second\n\n    third', '    fourth'],
    ['fence in a list', '- item\n\n  ```', '  code\n\n  more', '  ```'],
    ['quote', '> one', '>\n> ```\n> code\n> ```', '> two'],
  ])('never cuts a %s in two where it fits', (_, start, middle, end) => {
    const block = `${start}\n${middle}\n${end}`
    for (const before of [10, 40, 80, 160, 300]) {
      const chunks = texts(markdown(`${prose(before, 'x').replaceAll('. ', '.\n\n')}\n\n${block}\n\n${prose(before)}`, 160))
      expect(chunks.filter((chunk) => chunk.includes(block))).toHaveLength(1)
    }
  })

  it('cuts an over-long fence or table at line ends only', () => {
    const rows = Array.from({ length: 100 }, (_, at) => `| row ${at} | a value |`)
    for (const text of [`\`\`\`\n${rows.join('\n')}\n\`\`\``, `| a | b |\n|---|---|\n${rows.join('\n')}`]) {
      const chunks = texts(markdown(text, 64))
      expect(chunks.length).toBeGreaterThan(5)
      expect(chunks.join('\n')).toBe(text)
    }
  })

  it('trims the heading path to a quarter of the chunk, outer headings first', () => {
    const deep = `# ${'very long outer heading '.repeat(20)}\n\n## Inner\n\n${prose(400)}`
    const inputs = markdown(deep, 64).slice(1).map(({ embedderInput }) => embedderInput)
    expect(inputs.every((input) => input.startsWith('Inner\n\n'))).toBe(true)
    const endless = markdown(`# ${'word '.repeat(100)}\n\n${prose(200)}`, 32)
    expect(endless.at(-1)?.embedderInput).toMatch(/^word( word)*\n\nT/)
    expect(endless.at(-1)?.headingPath).toEqual([Array(100).fill('word').join(' ')])
  })
})

describe('code', () => {
  const code = (text: string, chunkSize: number): string[] => texts(chunkText({ text, format: 'code' }, { chunkSize, chunkOverlap: 0 }))

  it.each([
    ['TypeScript', ['import a from "a"\nimport b from "b"', ...['one', 'two'].map((name) => `/** Says ${name}. */\nexport function ${name}(\n  a: number,\n) {\n  if (a) {\n    return 1\n  } else {\n    return 2\n  }\n}`)]],
    ['Python', ['import os', ...['one', 'two'].map((name) => `@cached\ndef ${name}(a):\n    try:\n        return a\n\n    except ValueError:\n        pass`)]],
    ['C', ['#include <stdio.h>', ...['one', 'two'].map((name) => `int ${name}(int a)\n{\n  for (;;) {\n    a++;\n  }\n  return a;\n}`)]],
    ['YAML', ['version: 2', ...['one', 'two'].map((name) => `${name}:\n  image: a\n  ports:\n    - 1\n    - 2`)]],
  ])('is cut between top-level blocks: %s', (_, blocks) => {
    const chunks = code(blocks.join('\n\n'), 60)
    for (const block of blocks) expect(chunks.filter((chunk) => chunk.includes(block))).toHaveLength(1)
  })

  it('finds blocks without blank lines between them', () => {
    const functions = Array.from({ length: 20 }, (_, at) => `function name${at}() {\n  return ${at}\n}`)
    const chunks = code(functions.join('\n'), 40)
    for (const one of functions) expect(chunks.filter((chunk) => chunk.includes(one))).toHaveLength(1)
  })

  it('cuts a block that does not fit at its inner blocks, JSON too', () => {
    const entries = Array.from({ length: 20 }, (_, at) => `  "key${at}": {\n    "a": 1,\n    "b": [2, 3]\n  },`)
    const chunks = code(`{\n${entries.join('\n')}\n  "end": 1\n}`, 64)
    for (const entry of entries) expect(chunks.filter((chunk) => chunk.includes(entry))).toHaveLength(1)
  })
})

describe('plain text', () => {
  it('is cut between paragraphs, and inside one between sentences', () => {
    const sentences = Array.from({ length: 40 }, (_, at) => `Sentence number ${at} is about a thing.`)
    const chunks = texts(chunkText({ text: sentences.join(' '), format: 'text' }, { chunkSize: 64, chunkOverlap: 0 }))
    expect(chunks.length).toBeGreaterThan(3)
    expect(chunks.join(' ')).toBe(sentences.join(' '))
    expect(chunks.every((chunk) => chunk.endsWith('.'))).toBe(true)
  })
})

describe('overlap', () => {
  it('repeats the end of the text before, from the start of a sentence or line, and stays within the limit', () => {
    const paragraphs = Array.from({ length: 30 }, (_, at) => prose(30, `topic ${at}`))
    const text = paragraphs.join('\n\n')
    const chunks = texts(chunkText({ text, format: 'text' }, { chunkSize: 100, chunkOverlap: 20 }))
    expect(chunks.length).toBeGreaterThan(5)
    for (const [at, chunk] of chunks.entries()) {
      if (at === 0) continue
      const own = paragraphs.find((paragraph) => chunk.includes(paragraph)) ?? ''
      const repeated = chunk.slice(0, chunk.indexOf(own)).trimEnd()
      expect(repeated).toMatch(/^This is sentence/)
      expect(chunks[at - 1]?.endsWith(repeated)).toBe(true)
      expect(countTokens(repeated)).toBeLessThanOrEqual(20)
    }
  })
})

const FRAGMENTS = [
  '\n', '\n\n', '\r\n', '\r', ' ', '    ', '\t', '# Heading', '## Sub heading with words', '===', '---', '- item', '1. item', '> quote', '```', '~~~js',
  '| a | b |', '|---|---|', '<div>', '<!--', '-->', 'word', 'A sentence ends here.', 'no end', '漢字かな混じり文。', '😀', '👩‍👩‍👧', '\ud800', 'é', '{', '}',
  'function f() {', '  return 1', '[a]: http://x', 'x'.repeat(90), '\\', '***', '\u00a0', '\ufeff', '\0', '<|endoftext|>', '!!!!', '\u2028',
  `# A longer heading\n\n${'Some words of text in a row. '.repeat(40)}`, `${'many words '.repeat(80)}\n`,
] as const

const anyText = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 120 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 120 }).map((parts) => parts.join('\n')),
  fc.string({ unit: 'binary', maxLength: 300 }),
)
const anyOptions = fc
  .record({ chunkSize: fc.oneof(fc.integer({ min: 16, max: 64 }), fc.integer({ min: 16, max: 2_000 })), part: fc.constantFrom(0, 0, 0.1, 0.5) })
  .map(({ chunkSize, part }) => ({ chunkSize, chunkOverlap: Math.floor(chunkSize * part) }))
const anyFormat = fc.constantFrom<Format>('markdown', 'code', 'text')

describe('whatever the text', () => {
  it('every line that is not blank is in a chunk, whole where it fits, and chunks follow the text', () => {
    fc.assert(
      fc.property(anyText, anyFormat, fc.integer({ min: 16, max: 600 }), (text, format, chunkSize) => {
        const chunks = texts(chunkText({ text, format }, { chunkSize, chunkOverlap: 0 }))
        let at = 0
        for (const chunk of chunks) {
          expect(chunk.trim()).not.toBe('')
          const found = text.indexOf(chunk, at)
          expect(text.slice(at, found).trim()).toBe('')
          at = found + chunk.length
        }
        expect(text.slice(at).trim()).toBe('')
        for (const line of text.split(/\r\n|\r|\n/)) {
          // A quarter of a chunk is for the heading path.
          if (line.trim() === '' || countTokens(line) > chunkSize / 2) continue
          expect(chunks.some((chunk) => chunk.includes(line))).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('no embedder input is longer than a chunk may be, and none holds half a character', () => {
    fc.assert(
      fc.property(anyText, anyFormat, anyOptions, (text, format, options) => {
        for (const chunk of chunkText({ text, format }, options)) {
          expect(countTokens(chunk.embedderInput)).toBeLessThanOrEqual(options.chunkSize)
          expect(chunk.embedderInput.endsWith(chunk.text)).toBe(true)
          if (text.isWellFormed()) expect(chunk.embedderInput.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('the same text gives the same chunks', () => {
    fc.assert(
      fc.property(anyText, anyFormat, anyOptions, (text, format, options) => {
        expect(chunkText({ text, format }, options)).toEqual(chunkText({ text, format }, options))
      }),
      { numRuns: 50 },
    )
  })

  it.each(['', ' ', '\n\n', '\r\n \t', '\ufeff'])('white space (%j) gives no chunks', (text) => {
    for (const format of ['markdown', 'code', 'text'] as const) expect(chunkText({ text, format }, LARGE)).toEqual([])
  })

  it('line ends do not decide where it is cut', () => {
    const text = `# A\n\n${prose(300).replaceAll('. ', '.\n\n')}\n\n\`\`\`\ncode\n\ncode\n\`\`\`\n`
    for (const end of ['\r\n', '\r']) {
      const chunks = texts(markdown(text.replaceAll('\n', end), 100))
      expect(chunks.map((chunk) => chunk.replaceAll(end, '\n'))).toEqual(texts(markdown(text, 100)))
    }
  })
})

describe('hostile texts of 200 KB are cut in bounded time', () => {
  const size = 200_000
  it.each<[string, string]>([
    ['one character', 'a'.repeat(size)],
    ['white space', ' '.repeat(size)],
    ['line ends', '\n'.repeat(size)],
    ['one line of words', 'word '.repeat(size / 5)],
    ['headings', '# a\n'.repeat(size / 4)],
    ['nested quotes', '>'.repeat(size)],
    ['nested quotes on every line', `${'>'.repeat(50)} a\n`.repeat(size / 50)],
    ['nested lists', Array.from({ length: 600 }, (_, at) => `${' '.repeat(at)}- a`).join('\n')],
    ['list markers', '- '.repeat(size / 2)],
    ['a table of one row', '|a'.repeat(size / 2)],
    ['a table of many rows', `|a|b|\n|-|-|\n${'|1|2|\n'.repeat(size / 6)}`],
    ['backticks', '`'.repeat(size)],
    ['opened comments', '<!--\n'.repeat(size / 5)],
    ['brackets', '['.repeat(size / 2) + ']'.repeat(size / 2)],
    ['ends of sentences', '. '.repeat(size / 2)],
    ['carriage returns', 'a\r'.repeat(size / 2)],
  ])('%s', (_, text) => {
    for (const format of ['markdown', 'code', 'text'] as const) {
      const started = performance.now()
      chunkText({ text, format }, { chunkSize: 512, chunkOverlap: 64 })
      // Alone on one core the slowest takes less than a second; what this is to catch takes minutes.
      expect(performance.now() - started).toBeLessThan(15_000)
    }
  }, 60_000)
})
