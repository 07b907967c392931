import { connector } from '@qdrant-loader/connector-confluence'
import type { Change } from '@qdrant-loader/connector-sdk'
import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, Stage } from './stage.ts'

const SEARCH = '/content/search'
const LISTING = { cloud: '/wiki/api/v2/pages', datacenter: '/rest/api/content' } as const
const BODIES = { cloud: '/wiki/api/v2/pages', datacenter: '/rest/api/content/search' } as const

async function filled(deployment: 'cloud' | 'datacenter', options: Parameters<typeof Stage.open>[2] = {}): Promise<Stage> {
  const stage = await Stage.open(deployment, {}, { caps: { plain: 5, expanded: 5, bodies: 5 }, ...options })
  for (let number = 0; number < 12; number += 1) stage.page(`Page ${number}`, `<p>${number}</p>`)
  return stage
}

describe.each(DEPLOYMENTS)('%s: trouble', (deployment) => {
  it('pages of a listing that are smaller than asked for, or empty, are not its end', async () => {
    await using stage = await filled(deployment)
    stage.server.faults.add({ kind: 'empty-page' }, { route: LISTING[deployment] })
    stage.server.faults.add({ kind: 'empty-page' }, { route: SEARCH })
    const { listing } = await stage.sync()
    expect(stage.host.texts.size).toBe(12)
    expect(listing).toEqual({ everythingIn: ['DEV'], configured: ['DEV'] })
    expect((await stage.sweep()).deleted).toEqual([])
  })

  it.each([
    ['an overloaded server', { kind: 'status', status: 503 }],
    ['a request to wait', { kind: 'status', status: 429, retryAfter: '0' }],
    ['a lost connection', { kind: 'drop' }],
    ['an answer that is cut off', { kind: 'truncate' }],
  ] as const)('%s is tried again', async (_what, fault) => {
    await using stage = await filled(deployment)
    stage.server.faults.add(fault, { after: 2 })
    await stage.sync()
    expect(stage.host.texts.size).toBe(12)
  })

  it('a pause that the server asks for is shown', async () => {
    await using stage = await filled(deployment)
    stage.server.faults.add({ kind: 'status', status: 429, retryAfter: '2' }, { after: 1 })
    const { said } = await stage.sync()
    expect(said.join('\n')).toMatch(/wait/i)
  })

  it.each([
    ['a login page', { kind: 'login-page' }],
    ['a listing that is refused', { kind: 'status', status: 400 }],
    ['something else than an answer', { kind: 'answer', status: 200, body: '{"results":[{"id":"1"}]}', contentType: 'application/json' }],
  ] as const)('%s ends the run, and deletes nothing', async (_what, fault) => {
    await using stage = await filled(deployment)
    await stage.sync()
    const held = [...stage.host.texts]
    stage.server.faults.add(fault, { route: LISTING[deployment], times: 50 })
    const error = await loaderErrorOf(stage.sweep())
    expect(error.hint).not.toBe('')
    stage.server.faults.clear()
    expect([...stage.host.texts]).toEqual(held)
    expect((await stage.sweep()).deleted).toEqual([])
  })

  it('a page without its text is no empty page', async () => {
    await using stage = await filled(deployment)
    await stage.sync()
    const [id = ''] = stage.host.texts.keys()
    stage.world.edit(id, '<p>edited</p>')
    const version = { number: 2 }
    const page = deployment === 'cloud'
      ? { id, status: 'current', title: 'Page', spaceId: '1', version }
      : { id, type: 'page', status: 'current', title: 'Page', space: { key: 'DEV', name: 'Development' }, version, ancestors: [] }
    const answer = { kind: 'answer', status: 200, body: JSON.stringify({ results: [page], _links: {} }), contentType: 'application/json' } as const
    // On Cloud the first request by id asks for no text.
    stage.server.faults.add(answer, { route: BODIES[deployment], after: deployment === 'cloud' ? 1 : 0, times: 50 })
    const before = stage.text(id)
    expect(await stage.sync()).toMatchObject({ failed: [id], deleted: [] })
    expect(stage.text(id)).toBe(before)
    const { source } = await stage.host.open()
    expect(await loaderErrorOf(source.reader.read(stage.stub(id), new AbortController().signal))).toMatchObject({ code: 'confluence_body_missing', kind: 'document' })
    await source.close(undefined)
    stage.server.faults.clear()
    await stage.sync()
    expect(stage.text(id)).toBe('edited')
  })

  it('a wrong credential is one clear error that does not tell it', async () => {
    await using stage = await filled(deployment)
    const host = stage.freshHost({ token: 'not-the-token-at-all' })
    const error = await loaderErrorOf(host.sync())
    expect(error).toMatchObject({ code: 'confluence_auth_failed', kind: 'auth' })
    expect(error.hint).toContain('token')
    expect(`${error.message} ${error.hint}`).not.toContain('not-the-token-at-all')
  })

  it('a wrong credential that is answered as a visitor would be is the same error, and deletes nothing', async () => {
    await using stage = await filled(deployment, { anonymousListings: true })
    await stage.sync()
    stage.server.token = 'changed'
    for (const listingDue of [false, true]) {
      expect(await loaderErrorOf(stage.sync({ listingDue }))).toMatchObject({ code: 'confluence_auth_failed', kind: 'auth' })
    }
    expect(stage.host.texts.size).toBe(12)
  })

  it('a visitor who sees nothing, or little, is asked for a name before anything is concluded', async () => {
    await using stage = await filled(deployment)
    await stage.sync()
    const answer = (body: string) => ({ kind: 'answer', status: 200, body, contentType: 'application/json' }) as const
    for (const listingDue of [false, true]) {
      stage.server.faults.add(answer('{"type":"anonymous"}'), { route: '/user/current' })
      stage.server.faults.add(answer('{"results":[],"_links":{}}'), { route: deployment === 'cloud' ? '/spaces' : '/space', times: 2 })
      expect(await loaderErrorOf(stage.sync({ listingDue }))).toMatchObject({ code: 'confluence_auth_failed', kind: 'auth' })
      stage.server.faults.clear()
    }
    expect(stage.host.texts.size).toBe(12)
  })

  it('says who reads what when it is checked', async () => {
    await using stage = await filled(deployment)
    const { source } = await stage.host.open()
    const seen = await source.check(new AbortController().signal)
    expect(seen).toContain('Ada Lovelace')
    expect(seen).toContain('DEV')
    await source.close(undefined)
    const other = await stage.freshHost({ space_key: ['DEV', 'NOPE'] }).open()
    expect(await loaderErrorOf(other.source.check(new AbortController().signal))).toMatchObject({ code: 'confluence_space_unreadable', message: expect.stringContaining('NOPE') })
    await other.source.close(undefined)
  })

  it('an open Confluence is read without credentials', async () => {
    await using stage = await filled(deployment, { openToEverybody: true })
    const { email: _email, token: _token, ...config } = stage.config as Record<string, unknown>
    const host = stage.freshHost({ email: undefined, token: undefined })
    await host.sync()
    expect(host.texts.size).toBe(12)
    expect((await connector.configSchema['~standard'].validate(config)).issues).toBeUndefined()
  })

  it('a dry run names and reads what a sync does, and leaves everything as it is', async () => {
    await using stage = await filled(deployment)
    const named = (changes: readonly Change<unknown>[]) => changes.map((change) => (change.kind === 'upsert' ? [change.stub.id, change.document?.text] : change.kind))
    const looked = await stage.sync({ dryRun: true })
    expect(stage.host.texts.size).toBe(0)
    const { changes } = await stage.sync()
    expect(changes.filter(({ kind }) => kind === 'upsert').length).toBeGreaterThanOrEqual(12)
    expect(named(looked.changes)).toEqual(named(changes))
  })
})

describe('cloud: cursors', () => {
  it('a listing whose cursor expired on the way starts again', async () => {
    await using stage = await Stage.open('cloud', {}, { caps: { expanded: 5 } })
    for (let number = 0; number < 12; number += 1) stage.page(`Page ${number}`, `<p>${number}</p>`)
    let requests = 0
    stage.server.onRequest = (route) => {
      if (route.includes('/content/search') && ++requests === 2) stage.server.cursors.expire()
    }
    await stage.sync()
    expect(stage.host.texts.size).toBe(12)
  })

  it('a listing whose cursors never last throws', async () => {
    await using stage = await Stage.open('cloud', {}, { caps: { expanded: 5 } })
    for (let number = 0; number < 12; number += 1) stage.page(`Page ${number}`, `<p>${number}</p>`)
    stage.server.onRequest = () => stage.server.cursors.expire()
    expect(await loaderErrorOf(stage.sync())).toMatchObject({ code: 'confluence_cursor_expired', kind: 'transient' })
  })
})

describe('data center', () => {
  it('takes a user name and a password too', async () => {
    await using stage = await Stage.open('datacenter')
    const id = stage.page('Page', '<p>page</p>')
    const host = stage.freshHost({ email: stage.server.email })
    await host.sync()
    expect(host.texts.has(id)).toBe(true)
    expect([...stage.server.credentials].every((credential) => credential.startsWith('Basic '))).toBe(true)
  })
})
