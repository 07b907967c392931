import connector from '@qdrant-loader/connector-confluence'
import type { SourceJob } from '@qdrant-loader/core/pipeline'
import { ConfluenceSimulator, type SpaceAccess } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanBuildOf, SyncBench, type SyncBenchOptions } from '../sync-bench.ts'

const DAY = 86_400_000

describe.each(['cloud', 'datacenter'] as const)('%s: a space that cannot be read for a while', (deployment) => {
  let clock: { now: number }
  let server: ConfluenceSimulator
  let bench: SyncBench
  let options: SyncBenchOptions

  beforeEach(async () => {
    clock = { now: Date.UTC(2026, 4, 10, 12) }
    server = await ConfluenceSimulator.start({ deployment, now: () => clock.now })
    options = {
      plugin: connector as SourceJob['plugin'],
      config: () => ({
        base_url: server.url,
        deployment_type: deployment,
        space_key: ['DEV', 'OPS'],
        ...(deployment === 'cloud' ? { email: server.email } : {}),
        token: server.token,
      }),
      now: () => clock.now,
    }
    bench = await SyncBench.open(options)
    server.world.createSpace({ key: 'DEV' })
    page('DEV', 'first')
  })
  afterEach(async () => {
    await bench.close()
    await server.close()
  })

  function page(space: string, title: string): string {
    return server.world.createPage({ space, title, body: `<p>What ${title} says.</p>` }).id
  }

  async function expectClean(): Promise<void> {
    const clean = await cleanBuildOf(options)
    expect(await bench.export()).toEqual(clean)
    expect(server.violations).toEqual([])
  }

  /** A run in which the space is missing: the other one is kept in step, and the user is told. */
  async function expectPartial(): Promise<void> {
    const before = (await bench.export()).filter(({ payload }) => payload.title.startsWith('lost'))
    const report = await bench.sync()
    expect(report.status).toBe('partial')
    expect(report.sources[0]?.error?.message).toContain('OPS')
    expect((await bench.export()).filter(({ payload }) => payload.title.startsWith('lost'))).toEqual(before)
  }

  it.each<SpaceAccess>(['hidden', 'forbidden'])('(%s) converges by the first run after it is back, whatever happened meanwhile', async (access) => {
    server.world.createSpace({ key: 'OPS' })
    const ids = ['lost 1', 'lost 2', 'lost 3'].map((title) => page('OPS', title))
    expect((await bench.sync()).status).toBe('succeeded')

    server.world.setAccess('OPS', access)
    clock.now += DAY
    server.world.edit(ids[0] ?? '', '<p>Edited out of sight.</p>')
    server.world.movePage(ids[1] ?? '', { parent: ids[0] ?? null })
    page('OPS', 'new out of sight')
    page('DEV', 'second')
    // The second run starts long after all that happened in the lost space.
    for (let run = 0; run < 2; run += 1) {
      clock.now += 3 * DAY
      await expectPartial()
    }
    expect((await bench.export()).map(({ payload }) => payload.title)).toContain('second')

    server.world.setAccess('OPS', 'readable')
    clock.now += DAY
    expect((await bench.sync()).status).toBe('succeeded')
    await expectClean()
  })

  it('is listed completely when it comes to be, however long its name stood in the configuration', async () => {
    expect((await bench.sync()).status).toBe('partial')
    clock.now += DAY
    await expectPartial()
    server.world.createSpace({ key: 'OPS' })
    page('OPS', 'at last')
    clock.now += 3 * DAY
    const report = await bench.sync()
    expect(report.status).toBe('succeeded')
    expect((await bench.export()).map(({ payload }) => payload.title)).toContain('at last')
    await expectClean()
  })

  it('is an error of its own when there is no other space', async () => {
    server.world.createSpace({ key: 'OPS' })
    await bench.sync()
    for (const key of ['DEV', 'OPS']) server.world.setAccess(key, 'hidden')
    const before = await bench.export()
    const report = await bench.sync({ fullListingIntervalMs: 0 })
    expect(report.status).toBe('failed')
    expect(await bench.export()).toEqual(before)
  })
})
