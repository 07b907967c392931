import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import type { Answer } from './docs-server.ts'
import { collected, page, redirect, SiteHost, told } from './site-host.ts'

let site: SiteHost
beforeEach(async () => {
  site = await SiteHost.start()
  site.serve({ '': page('home', ['a', 'b']), a: page('alpha', ['c']), b: page('beta'), c: page('gamma') })
  await site.host.sync()
})
afterEach(() => site.close())

async function judged(path: string): Promise<string | undefined> {
  const { source } = await site.host.open()
  try {
    return (await source.detector.judge?.([site.id(path)], new AbortController().signal))?.get(site.id(path))
  } finally {
    await source.close(undefined)
  }
}

const LOGIN = '<!doctype html><title>Sign in</title><form><input name="user"><input type="password" name="password"></form>'

describe('a page that is gone', () => {
  it('is deleted at once with 410, also while it is linked', async () => {
    site.serve({ b: { status: 410 } })
    expect(told(site, await site.look())).toContain('delete b deleted')
  })

  it('is deleted with 404 when nobody links to it', async () => {
    site.serve({ '': page('home', ['a']) })
    site.drop('b')
    expect(told(site, await site.look())).toContain('delete b deleted')
  })

  it('is not named with 404 while it is linked, and nobody is sure', async () => {
    site.drop('b')
    const changes = told(site, await site.look())
    expect(changes.filter((change) => / b\b/.test(change))).toEqual([])
    expect(changes.at(-1)).toBe('complete everything')
    expect(await judged('b')).toBe('unknown')
  })

  it('is out of scope when it answers and nothing leads to it', async () => {
    site.serve({ '': page('home', ['a']) })
    expect(told(site, await site.look())).toContain('delete b out-of-scope')
  })

  it('is recognised where the site says 200 to everything', async () => {
    const missing = page('nothing here at all')
    for (const path of ['b', 'c']) site.serve({ [path]: missing })
    for (const path of await probePaths()) site.server.answers.set(path, missing)
    site.serve({ '': page('home', ['a']) })
    const changes = told(site, await site.look())
    expect(changes).toContain('delete b deleted')
    expect(changes.filter((change) => change.includes(' c'))).toEqual([])
  })

  it('is recognised where missing paths redirect to the start page', async () => {
    for (const path of [...(await probePaths()), '/docs/b']) site.server.answers.set(path, redirect('/docs/'))
    expect(told(site, await site.look()).filter((change) => change.startsWith('delete'))).toEqual([])
    expect(await judged('b')).toBe('unknown')
  })
})

/** The paths that a run asks for and that nobody has. */
async function probePaths(): Promise<string[]> {
  site.serve({ a: page('alpha, edited', ['c']) })
  site.server.taken()
  await site.look()
  return site.server.taken().filter((path) => path.startsWith('/docs/nothing-here-'))
}

const FAULTS: readonly (readonly [string, Answer])[] = [
  ['401', { status: 401 }],
  ['403', { status: 403 }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['503', { status: 503 }],
  ['418', { status: 418 }],
  ['a login page', { body: LOGIN }],
  ['a redirect to a login elsewhere', redirect('https://login.example.com/', 302)],
  ['a permanent redirect to a login elsewhere', redirect('https://login.example.com/?next=%2Fdocs%2Fa', 301)],
  ['a permanent redirect to a login of the site', redirect('/docs/login?next=/docs/a', 308)],
  ['a circle of redirects', redirect('/docs/a', 302)],
  ['a cut answer', { headers: { 'content-length': '100000' }, body: '<p>cut' }],
  ['garbage in gzip', { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }],
]

describe('a recorded page that cannot be read', () => {
  it.each(FAULTS)('fails and keeps what it led to: %s', { timeout: 20_000 }, async (_name, answer) => {
    site.serve({ a: answer })
    const changes = told(site, await site.look())
    expect(changes).toContain('upsert a unread')
    expect(changes).toContain('upsert c')
    expect(changes.filter((change) => change.startsWith('delete'))).toEqual([])
  })

  it('says why when it is fetched, and is not asked for again', async () => {
    site.serve({ a: { status: 403 } })
    const { source } = await site.host.open()
    try {
      const { signal } = new AbortController()
      const cursor = site.host.cursor as never
      const changes = await collected(source.detector.detect({ mode: 'incremental', since: cursor, listingDue: false, known: site.host.known }, signal))
      const change = changes.find((named) => named.kind === 'upsert' && named.stub.id === site.id('a'))
      if (change?.kind !== 'upsert') throw new Error('the page was not named')
      site.server.taken()
      await expect(source.reader.read(change.stub, signal)).rejects.toMatchObject({ code: 'public_docs_not_public', kind: 'document' })
      expect(site.server.taken()).toEqual([])
    } finally {
      await source.close(undefined)
    }
  })
})

describe('a page that was never read and does not answer', () => {
  it('leaves everything where it is, and the run says so', async () => {
    site.serve({ '': page('home', ['a', 'new']), new: { status: 500 } })
    const changes = await site.look()
    expect(told(site, changes).filter((change) => change.startsWith('delete'))).toEqual([])
    expect(changes.at(-1)).toMatchObject({ listing: 'changes', shortfalls: [{ reason: 'unanswered', count: 1 }] })
  })

  it('counts as dead all along when it was refused twice', async () => {
    site.serve({ '': page('home', ['a', 'new']), new: { status: 403 } })
    expect((await site.host.sync()).listing).toBe('changes')
    expect((await site.host.sync()).deleted).toEqual([site.id('b')])
  })
})

describe('a site', () => {
  it.each([401, 403, 404, 410, 429, 500])('whose start page answers %d ends the run', async (status) => {
    site.serve({ '': { status } })
    for (const options of [{}, { listingDue: true }, { full: true }]) {
      expect((await loaderErrorOf(site.look(options))).hint).toContain('Nothing was deleted')
    }
  })

  it('that stops answering in the middle ends the run', async () => {
    const many = Array.from({ length: 30 }, (_, at) => `many-${at}`)
    site.serve({ '': page('home', many), ...Object.fromEntries(many.map((name) => [name, { status: 503 }])) })
    expect((await loaderErrorOf(site.look())).code).toBe('public_docs_unreachable')
  })

  it('that moved away, or shows one page for everything, ends the run', async () => {
    site.serve({ '': redirect('https://example.com/docs/') })
    expect((await loaderErrorOf(site.look())).code).toBe('public_docs_base_moved')
    const parked = page('this domain is for sale')
    for (const path of site.server.answers.keys()) site.server.answers.set(path, parked)
    const missing = site.server.taken().find((path) => path.includes('nothing-here-'))
    if (missing !== undefined) site.server.answers.set(missing, parked)
    const error = await loaderErrorOf(site.look())
    expect(error.code).toBe('public_docs_same_answer')
  })

  it('that lost nearly all of its links is believed when it is seen again', async () => {
    const many = Array.from({ length: 30 }, (_, at) => `many-${at}`)
    site.serve({ '': page('home', many), ...Object.fromEntries(many.map((name) => [name, page(name)])) })
    await site.host.sync()
    site.serve({ '': page('home', []) })
    const { listing, deleted } = await site.host.sync()
    expect([listing, deleted]).toEqual(['changes', []])
    expect((await site.host.sync()).deleted).toHaveLength(30)
  })
})
