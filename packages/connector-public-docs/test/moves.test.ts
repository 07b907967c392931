import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, redirect, SiteHost, told } from './site-host.ts'

let site: SiteHost
beforeEach(async () => {
  site = await SiteHost.start()
})
afterEach(() => site.close())

async function withTwo(): Promise<void> {
  site.serve({ '': page('home', ['a', 'b']), a: page('alpha'), b: page('beta') })
  await site.host.sync()
  expect(site.held).toEqual(['', 'a', 'b'])
}

describe('a page at a new address', () => {
  it.each([301, 308])('is a move when the old one redirects with %d', async (status) => {
    await withTwo()
    site.serve({ '': page('home', ['new', 'b']), new: page('alpha'), a: redirect('/docs/new', status) })
    const { moved, loaded, deleted } = await site.host.sync()
    expect(moved).toEqual([site.id('new')])
    expect(loaded).toEqual([])
    expect(deleted).toEqual([site.id('a')])
    expect(site.held).toEqual(['', 'b', 'new'])
  })

  it('is a move also when the old one is still linked, and over two redirects', async () => {
    await withTwo()
    site.serve({ new: page('alpha'), a: redirect('/docs/between'), between: redirect('/docs/new') })
    expect((await site.host.sync()).moved).toEqual([site.id('new')])
    site.serve({ '': page('home', ['newest', 'b']), newest: page('alpha'), new: redirect('/docs/step'), step: redirect('/docs/newest') })
    expect((await site.host.sync()).moved).toEqual([site.id('newest')])
    expect(site.held).toEqual(['', 'b', 'newest'])
  })

  it('is a move when the old one names it as canonical, or refreshes to it', async () => {
    await withTwo()
    site.serve({
      '': page('home', ['a', 'b', 'new']),
      a: page('alpha', [], { head: '<link rel="canonical" href="/docs/new">' }),
      new: page('alpha', [], { head: '<link rel="canonical" href="/docs/new">' }),
      b: page('', [], { head: '<meta http-equiv="refresh" content="0; url=/docs/other">' }),
      other: page('beta'),
    })
    expect((await site.host.sync()).moved.toSorted()).toEqual([site.id('new'), site.id('other')])
    expect(site.held).toEqual(['', 'new', 'other'])
  })

  it('is no move when the redirect is for now: the page keeps its address', async () => {
    await withTwo()
    site.serve({ a: redirect('/docs/elsewhere', 302), elsewhere: page('alpha') })
    const { moved, loaded } = await site.host.sync()
    expect([moved, loaded]).toEqual([[], []])
    expect(site.host.documents.get(site.id('a'))?.stub.location.url).toBe(site.id('a'))
  })

  it('is a deletion when the new one was there before: two became one', async () => {
    await withTwo()
    site.serve({ a: redirect('/docs/b') })
    expect(told(site, await site.look())).toContain('delete a deleted')
  })

  it('outside of the site is out of scope', async () => {
    await withTwo()
    site.serve({ a: redirect('https://example.com/a') })
    expect(told(site, await site.look())).toContain('delete a out-of-scope')
  })
})

describe('a canonical link', () => {
  it.each(['file:///usr/share/doc/a', 'https://example.com/docs/a', '/other/a', 'picture.png', ''])('to %j does not count', async (href) => {
    site.serve({ '': page('home', ['a']), a: page('alpha', [], { head: `<link rel="canonical" href="${href}">` }) })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a'])
  })

  it('that leads to nothing, or in a circle, does not count, and costs one request in later runs', async () => {
    const canonical = (to: string) => ({ head: `<link rel="canonical" href="/docs/${to}">` })
    site.serve({ '': page('home', ['a', 'c', 'd']), a: page('alpha', [], canonical('nothing')), c: page('gamma', [], canonical('d')), d: page('delta', [], canonical('c')) })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a', 'c'])
    site.server.taken()
    expect((await site.host.sync()).loaded).toEqual([])
    expect(site.server.taken().filter((path) => path === '/docs/a')).toHaveLength(1)
    expect(site.held).toEqual(['', 'a', 'c'])
  })

  it('makes one document of many addresses', async () => {
    const canonical = { head: '<link rel="canonical" href="/docs/a">' }
    site.serve({ '': page('home', ['a?sort=up', 'a?sort=down', 'a']), 'a?sort=up': page('alpha', [], canonical), 'a?sort=down': page('alpha', [], canonical), a: page('alpha', [], canonical) })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a'])
  })
})

describe('one page under two spellings', () => {
  it('is read once, and by the spelling that works', async () => {
    site.serve({ '': page('home', ['a', 'a/', 'b/', 'b/index.html#part', 'c', 'c/']), 'a/': page('alpha'), a: redirect('/docs/a/'), 'b/': page('beta'), 'c/': page('gamma') })
    await site.host.sync()
    expect(site.held).toEqual(['', 'a', 'b', 'c'])
    const asked = site.server.taken()
    expect(asked.filter((path) => path.startsWith('/docs/b'))).toEqual(['/docs/b/'])
    expect(site.host.documents.get(site.id('c'))?.stub.location.url).toBe(`${site.id('c')}/`)
  })
})
