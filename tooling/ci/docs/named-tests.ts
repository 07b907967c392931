import { prose } from './markdown-pages.ts'

/** A test that a page names as holding something. */
export interface NamedTest {
  /** Path from the root. */
  readonly file: string
  /** The title, as it stands in the file. */
  readonly name: string
}

/**
 * The tests that a page names. They are written as a list item: a file in backticks, a colon, and titles in straight
 * double quotes, on as many lines as they need. An item that begins with a test file and names no title counts as one
 * with an empty title, which no file has.
 */
export function namedTests(page: string): readonly NamedTest[] {
  const items = prose(page).split(/^(?=- )|^\s*$/m)
  return items.flatMap((item) => {
    const found = /^- `([^`]+\.ts)`:?([\s\S]*)$/.exec(item)
    if (found === null) return []
    const [, file = '', rest = ''] = found
    const names = [...rest.replaceAll(/\s+/g, ' ').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)
    return (names.length === 0 ? [''] : names).map((name) => ({ file, name }))
  })
}

/** The titles of the tests in a source, and of the laws of the conformance suite, as they are written there. */
export function testTitles(source: string): ReadonlySet<string> {
  const call = /\b(?:it|test|describe|law)(?:\.(?:each|runIf|skipIf)\([\s\S]*?\))?\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)/g
  const titles = [...source.matchAll(call)].map(([, single, double, template]) => single ?? double ?? template ?? '')
  return new Set(titles.map((title) => title.replaceAll(/\\(.)/g, '$1')))
}
