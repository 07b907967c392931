import type { Block } from './site-page.ts'
import type { SiteWorld } from './site-world.ts'

/** Fills a world with a manual: a start page, a page for each section of 20 pages, and the pages. */
export function generateSite(world: SiteWorld, pages: number): void {
  const sections = Math.max(1, Math.ceil(pages / 20))
  const section = (index: number) => `/section-${index}/`
  world.createPage('/', {
    title: 'The Manual',
    language: 'en',
    blocks: [{ kind: 'paragraph', text: 'Everything that there is to know about it.' }],
    links: Array.from({ length: sections }, (_, index) => section(index)),
  })
  for (let index = 0; index < sections; index += 1) {
    const paths = Array.from({ length: Math.min(20, pages - index * 20) }, (_, number) => `${section(index)}page-${index * 20 + number}.html`)
    world.createPage(section(index), { title: `Section ${index}`, language: 'en', blocks: [{ kind: 'paragraph', text: `This is section ${index}.` }], links: ['/', ...paths] })
    for (const [number, path] of paths.entries()) {
      const neighbours = [paths[number - 1], paths[number + 1]].filter((link) => link !== undefined)
      world.createPage(path, { title: `Page ${index * 20 + number}`, language: 'en', blocks: manualBlocks(index * 20 + number), links: ['/', section(index), ...neighbours] })
    }
  }
}

function manualBlocks(number: number): Block[] {
  return [
    { kind: 'paragraph', text: `Page ${number} explains how part ${number} of the product is set up and used day by day.` },
    { kind: 'heading', level: 2, text: 'Setting up' },
    { kind: 'list', ordered: true, items: [`Install part ${number}.`, 'Read the notes.', 'Restart the service.'], nested: ['Look at its log.'] },
    { kind: 'code', language: 'sh', code: `product install part-${number}\nproduct restart` },
    { kind: 'heading', level: 2, text: 'Options' },
    { kind: 'table', rows: [['option', 'meaning'], [`--part-${number}`, 'chooses the part'], ['--quiet', 'says nothing']] },
    { kind: 'note', text: `Part ${number} needs the version of last year or a newer one.` },
    { kind: 'definitions', entries: [['part', 'a piece of the product'], ['product', 'the whole']] },
  ]
}
