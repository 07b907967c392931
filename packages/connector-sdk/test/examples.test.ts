import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import type { Diagnostic } from './compile.ts'

const PACKAGE = join(import.meta.dirname, '..')
const SOURCES = readdirSync(join(PACKAGE, 'src')).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))

/** The TypeScript in the comments of the sources and in the README, by the place where it stands. */
const EXAMPLES = Object.fromEntries([
  ...SOURCES.flatMap((name) => blocksOf(name, commentsIn(readFileSync(join(PACKAGE, 'src', name), 'utf8')))),
  ...blocksOf('README.md', readFileSync(join(PACKAGE, 'README.md'), 'utf8')),
])

function blocksOf(place: string, text: string): [string, string][] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ''], index) => [`${place.replace(/\.\w+$/, '')}-${index + 1}`, code])
}

/** Without the asterisks, so that what remains is Markdown. */
function commentsIn(source: string): string {
  return [...source.matchAll(/^ *\/\*\*\n(.*?)^ *\*\/$/gms)].map(([, text = '']) => text.replaceAll(/^ *\* ?/gm, '')).join('\n')
}

describe('The examples of the SDK compile', () => {
  let diagnostics: readonly Diagnostic[] = []
  beforeAll(async () => {
    diagnostics = await compile(EXAMPLES)
  })

  it('there is one for detect, for judge and for read, and in the README', () => {
    expect(Object.keys(EXAMPLES)).toEqual(expect.arrayContaining(['change-detector-1', 'change-detector-2', 'content-reader-1', 'README-1']))
  })

  it.each(Object.keys(EXAMPLES))('%s', (example) => expect(diagnostics.filter(({ program }) => program === example)).toEqual([]))
})
