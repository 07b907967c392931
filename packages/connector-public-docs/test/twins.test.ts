import { afterEach, describe, expect, it } from 'vitest'
import { page, SiteHost, told } from './site-host.ts'
import type { Answer } from './docs-server.ts'

let site: SiteHost
afterEach(() => site.close())

/** Different words for each name, enough to be told apart. */
function words(name: string, count = 60): string {
  return Array.from({ length: count }, (_, at) => `${name}${(at * 7) % 31}word`).join(' ')
}

function text(name: string, type = 'text/markdown'): Answer {
  return { headers: { 'content-type': `${type}; charset=utf-8`, etag: `"${name}"` }, body: `# ${name}\n\n**Some** [${words(name)}](https://elsewhere.example.com/long/address)\n` }
}

/** A page of HTML with the words of its name, and the links. */
function html(name: string, links: readonly string[] = []): Answer {
  const { body, headers } = page(name, links)
  return { body: String(body).replace('</main>', `<p>Some <a href="https://elsewhere.example.com/">${words(name)}</a></p></main>`), headers: { ...headers, etag: `"h-${name}-${links.length}"` } }
}

const NAMES = ['install', 'usage', 'faq', 'api']

describe('S6: one document a page', () => {
  it.each<[name: string, twin: (name: string) => string, answer: (name: string) => Answer]>([
    ['sources of Sphinx', (name) => `_sources/${name}.rst.txt`, (name) => text(`${name} in rst`, 'text/plain')],
    ['sources in Markdown', (name) => `_sources/${name}.md.txt`, (name) => text(name, 'text/plain')],
    ['Markdown beside the page', (name) => `${name}.md`, (name) => text(name)],
    ['Markdown behind the ending', (name) => `${name}.html.md`, (name) => text(name)],
    ['plain text', (name) => `${name}.txt`, (name) => text(name, 'text/plain')],
    ['the page without its ending', (name) => name, (name) => html(name)],
    ['a copy for printing in the query', (name) => `${name}.html?print=1`, (name) => html(name)],
    ['a copy for printing in the path', (name) => `_print/${name}.html`, (name) => html(name)],
    ['a copy for printing in the name', (name) => `${name}-print.html`, (name) => html(name)],
  ])('S6: %s', async (_name, twin, answer) => {
    site = await SiteHost.start()
    site.serve({ '': page('home', NAMES.map((name) => `${name}.html`)) })
    for (const name of NAMES) site.serve({ [`${name}.html`]: html(name, [`/docs/${twin(name)}`]), [twin(name)]: answer(name) })
    const pages = ['', ...NAMES.map((name) => `${name}.html`)].toSorted()
    await site.host.sync()
    expect(site.held).toEqual(pages)
    const changes = await site.look()
    expect(changes.at(-1)).toMatchObject({ shortfalls: [{ reason: 'alternative', count: NAMES.length }] })
    site.server.taken()
    const { loaded, requests } = await site.host.sync()
    // Each is asked for with its validator, and no body is read.
    expect([loaded, requests.content]).toEqual([[], 0])
    expect(site.held).toEqual(pages)
  })

  it('S6: pages in folders, and twins that are found first', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['guide.md', 'guide/', 'guide/index.md']), 'guide.md': text('guide'), 'guide/': html('guide'), 'guide/index.md': text('guide') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'guide'])
  })

  it('S6: llms.txt is a form of the site, and its links are followed', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['llms.txt', 'llms-full.txt']), 'llms-full.txt': text('all', 'text/plain'), 'hidden.html': html('hidden') })
    site.serve({ 'llms.txt': { headers: { 'content-type': 'text/plain' }, body: '# Site\n\n- [hidden](/docs/hidden.html)\n' } })
    await site.host.sync()
    expect(site.held).toEqual(['', 'hidden.html'])
  })

  it('S6: texts that say something else than the page of their name stay', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['a.html', 'a.md', 'a', 'b.md', '_sources/c.rst.txt', 'd.html?print=1', 'd.html']) })
    site.serve({ 'a.html': html('one'), 'a.md': text('two'), a: html('three'), 'b.md': text('b'), '_sources/c.rst.txt': text('c', 'text/plain'), 'd.html': html('d'), 'd.html?print=1': html('other') })
    await site.host.sync()
    expect(site.held).toEqual(['', '_sources/c.rst.txt', 'a', 'a.html', 'a.md', 'b.md', 'd.html', 'd.html?print=1'])
  })

  it('S6: a page that goes leaves its form, which goes when the page comes back', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['a.md', 'a.html']), 'a.md': text('alpha'), 'a.html': html('alpha') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a.html'])
    site.serve({ 'a.html': { status: 410 } })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a.md'])
    site.serve({ 'a.html': html('alpha'), '': page('home again', ['a.html', 'a.md']) })
    expect(told(site, await site.look())).toContain('upsert a.md')
    await site.host.sync()
    expect(site.held).toEqual(['', 'a.html'])
  })

  it('S6: while a page cannot be read, what was recorded of it tells which texts are its forms', async () => {
    site = await SiteHost.start()
    site.serve({ '': page('home', ['a.html', 'a.md', 'b.html', 'b.md']), 'a.html': html('alpha'), 'a.md': text('alpha'), 'b.html': html('beta'), 'b.md': text('other') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a.html', 'b.html', 'b.md'])
    site.serve({ 'a.html': { status: 403 }, 'b.html': { status: 403 } })
    const named = (await site.look()).flatMap((change) => (change.kind === 'upsert' ? [[site.path(change.stub.id), change.stub.contentVersion]] : []))
    const versions = Object.fromEntries(named) as Readonly<Record<string, string>>
    expect([versions['a.md'], versions['b.md']]).toEqual(['alternative', site.host.documents.get(site.id('b.md'))?.stub.contentVersion])
  })

  it('S6: max_pages counts pages, and not their forms', async () => {
    site = await SiteHost.start({ max_pages: 4 })
    site.serve({ '': page('home', NAMES.flatMap((name) => [`${name}.md`, `${name}.html`])) })
    for (const name of NAMES) site.serve({ [`${name}.html`]: html(name), [`${name}.md`]: text(name) })
    await site.host.sync()
    expect(site.held).toEqual(['', 'faq.html', 'install.html', 'usage.html'])
  })
})
