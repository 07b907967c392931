import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import type { HttpClientOptions } from '@qdrant-loader/http'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

/** What the client of each test measures and waits by, instead of the clock on the wall. */
const time = vi.hoisted(() => ({ clock: { now: 0 }, slept: [] as number[], timeoutMs: 30_000 }))

vi.mock(import('@qdrant-loader/http'), async (original) => {
  const http = await original()
  class HttpClient extends http.HttpClient {
    constructor(options: HttpClientOptions) {
      super({
        ...options,
        now: () => time.clock.now,
        random: () => 1,
        sleep: async (ms, signal) => {
          signal.throwIfAborted()
          time.slept.push(ms)
          time.clock.now += ms
        },
        timeoutMs: time.timeoutMs,
      })
    }
  }
  return { ...http, HttpClient }
})

const PAGES = 40
const LIMIT = { requests: 5, intervalMs: 60_000 }
const LISTING = { cloud: '/wiki/api/v2/pages', datacenter: '/rest/api/content' } as const

beforeEach(() => {
  time.slept = []
  time.timeoutMs = 30_000
})

/** A space of many small pages of results, at a server and with a client that share one clock. */
async function filled(deployment: 'cloud' | 'datacenter', options: Parameters<typeof Stage.open>[2] = {}): Promise<Stage> {
  const stage = await Stage.open(deployment, { include_comments: true }, { caps: { plain: 5, expanded: 5, bodies: 5, v2: 5 }, ...options })
  time.clock = stage.clock
  for (let number = 0; number < PAGES; number += 1) {
    const page = stage.page(`Page ${number}`, `<p>text ${number}</p>`)
    if (number % 5 === 0) stage.world.addComment(page, `<p>comment ${number}</p>`)
  }
  stage.clock.now += 2 * HOUR
  return stage
}

/** Something is edited and something goes while the server is in trouble. */
function changed(stage: Stage): { readonly edited: string; readonly trashed: string } {
  const [edited = '', trashed = ''] = [...stage.host.texts.keys()].filter((id) => !id.startsWith('comment/'))
  stage.world.edit(edited, '<p>edited</p>')
  stage.world.trash(trashed)
  return { edited, trashed }
}

describe.each(DEPLOYMENTS)('%s: storms', (deployment) => {
  it('of 429 through a whole first sync and a listing: everything arrives once, at the pace that the server allows', async () => {
    await using stage = await filled(deployment, { rateLimit: LIMIT })
    for (const step of ['first', 'listing'] as const) {
      time.slept = []
      const { loaded, described, deleted, said, listing } = await (step === 'first' ? stage.sync() : stage.sweep())
      expect({ described, deleted, listing }).toEqual({ described: [], deleted: [], listing: { everythingIn: ['DEV'], configured: ['DEV'] } })
      expect(loaded).toHaveLength(step === 'first' ? PAGES + PAGES / 5 + 1 : 0)
      expect(new Set(loaded).size).toBe(loaded.length)

      const windows = Math.ceil(stage.server.requestCount / LIMIT.requests)
      expect(windows).toBeGreaterThan(3)
      // Data Center tells with each answer what is left and when there is more, so nothing is ever refused. Cloud tells
      // it in the refusal: that is one request in each interval, after which the others wait as well.
      if (deployment === 'datacenter') expect(stage.server.counters.rateLimited).toBe(0)
      else expect(stage.server.counters.rateLimited).toBeLessThanOrEqual(windows)
      expect(time.slept.every((ms) => ms > 0 && ms <= LIMIT.intervalMs)).toBe(true)
      expect(time.slept.length).toBeLessThanOrEqual(windows)
      expect(said.filter((line) => line.startsWith('waiting 60 s, 127.0.0.1')).length).toBe(time.slept.length)
    }
    expect(stage.host.texts.size).toBe(PAGES + PAGES / 5)
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('an answer that never comes ends in a time-out, and is asked for again', async () => {
    await using stage = await filled(deployment)
    time.timeoutMs = 400
    for (const after of [0, 3]) stage.server.faults.add({ kind: 'delay', ms: Number.POSITIVE_INFINITY }, { route: LISTING[deployment], after })
    await stage.sync()
    expect(stage.server.faults.pending).toBe(0)
    expect(stage.host.texts.size).toBe(PAGES + PAGES / 5)
    // A listing by position asks for less instead of once more.
    if (deployment === 'cloud') expect(time.slept.length).toBeGreaterThanOrEqual(2)
  })

  it('a server that stops to answer fails the run as passing, deletes nothing, and is caught up with by the next one', async () => {
    await using stage = await filled(deployment)
    await stage.sync()
    const { edited, trashed } = changed(stage)
    const held = [...stage.host.texts]
    time.timeoutMs = 100
    stage.server.faults.stay({ kind: 'delay', ms: Number.POSITIVE_INFINITY }, { route: LISTING[deployment], after: 2 })
    expect(await loaderErrorOf(stage.sweep())).toMatchObject({ code: expect.stringMatching(/^http_(?:timeout|nothing_served)$/), kind: 'transient', hint: expect.stringMatching(/\w/) })
    expect([...stage.host.texts]).toEqual(held)

    time.timeoutMs = 30_000
    stage.server.faults.clear()
    expect((await stage.sweep()).deleted).toEqual([trashed])
    expect(stage.text(edited)).toBe('edited')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it.each([0, 4, 9])('of 503 that outlasts the retries, from request %i on: the same', async (after) => {
    await using stage = await filled(deployment)
    await stage.sync()
    const { edited, trashed } = changed(stage)
    const held = [...stage.host.texts]
    for (const listingDue of [true, false]) {
      stage.server.faults.stay({ kind: 'status', status: 503 }, { after: listingDue ? after : 0 })
      time.slept = []
      expect(await loaderErrorOf(stage.sync({ listingDue }))).toMatchObject({ kind: 'transient', message: expect.stringContaining('503') })
      expect([...stage.host.texts]).toEqual(held)
      // Three more attempts, each after twice the time.
      expect(time.slept).toEqual(expect.arrayContaining([1_000, 2_000]))
      expect(Math.max(...time.slept)).toBe(4_000)
      stage.server.faults.clear()
    }
    expect((await stage.sweep()).deleted).toEqual([trashed])
    expect(stage.text(edited)).toBe('edited')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })
})
