import { describe, expect, it } from 'vitest'
import { adfToMarkdown, excerptOf, storageReferences } from '../src/index.ts'
import { convert } from './storage-world.ts'

const TIMES = 10_000

/** Hostile pages: what is repeated, and what would grow with the square of its number in a careless converter. */
const SHAPES: Record<string, (times: number) => string> = {
  'elements in each other': times => `${'<div>'.repeat(times)}core${'</div>'.repeat(times)}`,
  'lists in each other': times => `${'<ul><li>'.repeat(times)}core`,
  'quotations in each other, with code': times => `${'<blockquote>'.repeat(times / 100)}<pre>${'core\n'.repeat(times)}</pre>`,
  'panels in each other': times => `${'<ac:structured-macro ac:name="info"><ac:rich-text-body>'.repeat(times)}core`,
  // Each was converted twice, because it says nothing: 2 to the power of how deep they are.
  'panels of the Cloud editor in each other': times => `${'<ac:adf-extension><ac:adf-node type="panel"><ac:adf-content>'.repeat(times)}${'</ac:adf-content></ac:adf-node></ac:adf-extension>'.repeat(times)}core`,
  'apps in each other, with fallbacks': times => `${'<ac:adf-extension><ac:adf-node type="extension"/><ac:adf-fallback>'.repeat(times)}core`,
  'settings of an app in each other': times => `<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="parameters">${'<ac:adf-parameter key="title">'.repeat(times)}<p>core</p>`,
  'roadmaps in each other': times => `${'<ac:structured-macro ac:name="roadmap"><ac:parameter ac:name="source">%7B%22title</ac:parameter><ac:rich-text-body>'.repeat(times)}core`,
  'a roadmap of many lanes': times => `<ac:structured-macro ac:name="roadmap"><ac:parameter ac:name="source">%7B%22lanes%22%3A[${'%7B%22title%22%3A%22core%22%2C%22bars%22%3A[{"title":"x"}]%7D,'.repeat(times)}{}]}</ac:parameter></ac:structured-macro>`,
  'a roadmap that is no JSON': times => `<ac:structured-macro ac:name="roadmap"><ac:parameter ac:name="source">core${'[%5B%FF%'.repeat(times)}</ac:parameter></ac:structured-macro>`,
  'tables in each other': times => `${'<table><tr><td>a</td><td>'.repeat(times)}core`,
  'footnotes in each other': times => `${'<ac:structured-macro ac:name="footnote"><ac:rich-text-body><p>'.repeat(times)}core`,
  'ends without beginnings': times => `${'<a>'.repeat(times)}core${'</b>'.repeat(times)}`,
  'tags without end': times => `core ${'<a b="'.repeat(times)}`,
  'comments without end': times => `core ${'<!--'.repeat(times)}`,
  'long lines of marks': times => `core ${'<b>x</b> <i>y</i>'.repeat(times)}`,
  'one wide row above many short ones': times => `<table><tr>${'<td>core</td>'.repeat(times)}</tr>${'<tr><td>b</td></tr>'.repeat(times)}</table>`,
  'cells that span everything': times => `<table>${'<tr><td colspan="9999" rowspan="9999">core</td></tr>'.repeat(times)}</table>`,
  'a text that spans many rows': times => `<table><tr><td rowspan="99999">core${'x'.repeat(times)}</td><td>a</td></tr>${'<tr><td>b</td></tr>'.repeat(times)}</table>`,
}

describe('hostile pages', () => {
  it.each(Object.entries(SHAPES))('%s: the words are kept, time and size stay in proportion', (_name, make) => {
    const storage = make(TIMES)
    const began = performance.now()
    const markdown = convert(storage)
    storageReferences(storage)
    excerptOf(storage)
    // Generous, for slow machines: a quadratic converter needs minutes.
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(markdown).toContain('core')
    expect(markdown.length).toBeLessThan(20 * storage.length)
  })

  it.each(['bulletList', 'blockquote', 'panel', 'expand', 'table', 'madeUp', 'text'])('10,000 nodes of type %s in each other', type => {
    let node: unknown = { type: 'text', text: 'core' }
    for (let depth = 0; depth < TIMES; depth += 1) node = { type, content: [node] }
    expect(adfToMarkdown({ type: 'doc', content: [node] })).toMatch(/core$/)
  })
})
