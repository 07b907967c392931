import { expect, it } from 'vitest'
import { markdownLinks, markdownTitle } from '../src/page/markdown-page.ts'
import { SiteScope } from '../src/selection.ts'
import { readSitemaps } from '../src/sitemap/sitemap.ts'
import { sketchOf } from '../src/page/sketch.ts'

const scope = new SiteScope({ base_url: 'https://docs.example.com/' })
const { signal } = new AbortController()

/** Reads a sitemap of this text. */
async function sitemap(text: string): Promise<void> {
  const response = { status: 200, headers: new Headers({ 'content-type': 'application/xml' }), body: Buffer.from(text), url: '', redirects: [] }
  const client = { request: async () => response }
  await readSitemaps({ client, scope, setting: 'auto', declared: [], maxPages: 100, logger: { debug() {}, info() {}, warn() {}, error() {} } }, signal)
}

const HOSTILE: readonly (readonly [name: string, make: (size: number) => string, read: (text: string) => unknown])[] = [
  ['a declaration and blanks in a sitemap', (size) => `<?xml>${' '.repeat(size)}`, sitemap],
  ['declarations in a sitemap', (size) => '<?x?> '.repeat(size / 6), sitemap],
  ['comments in a sitemap', (size) => `<?xml ?>${'<!--'.repeat(size / 4)}`, sitemap],
  ['unclosed tags in a sitemap', (size) => '<urlset <'.repeat(size / 9), sitemap],
  ['entities in a sitemap', (size) => `<urlset><url><loc>${'&amp'.repeat(size / 4)}`, sitemap],
  ['addresses without an end', (size) => '](a'.repeat(size / 3), (text) => sketchOf(text, false)],
  ['words', (size) => 'ab '.repeat(size / 3), (text) => sketchOf(text, true)],
  ['brackets in Markdown', (size) => '[['.repeat(size / 2), (text) => markdownLinks(text, new URL('https://a.test/'))],
  ['a heading of number signs', (size) => `# ${'# '.repeat(size / 2)}`, markdownTitle],
]

async function cost(run: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await run()
  return process.cpuUsage(start).user / 1_000
}

it.each(HOSTILE)('H2: twice as much of %s takes at most 2.5 times as long', async (_name, make, read) => {
  const [small, large] = [make(100_000), make(200_000)]
  let [least, ratio] = [Infinity, Infinity]
  // Noise only adds: the least of a few measurements is the nearest.
  for (let at = 0; at < 6 && ratio > 2.2; at++) {
    least = Math.min(least, await cost(() => read(large)))
    ratio = (least + 5) / ((await cost(() => read(small))) + 5)
  }
  expect(ratio).toBeLessThanOrEqual(2.5)
})
