import connector from '@qdrant-loader/connector-confluence'
import type { SourceJob } from '@qdrant-loader/core/pipeline'
import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import { expect, it } from 'vitest'
import { SyncBench } from '../sync-bench.ts'

it.each(['cloud', 'datacenter'] as const)('%s: what was about to be removed is kept, and settled, once on_hidden says so', async (deployment) => {
  const clock = { now: Date.UTC(2026, 4, 10, 12) }
  await using server = await ConfluenceSimulator.start({ deployment, now: () => clock.now })
  server.world.createSpace({ key: 'DEV' })
  const [hidden] = ['Hidden', 'Other'].map((title) => server.world.createPage({ space: 'DEV', title, body: `<p>${title}</p>` }).id)
  let onHidden = 'remove'
  const config = () => ({
    base_url: server.url,
    deployment_type: deployment,
    space_key: 'DEV',
    ...(deployment === 'cloud' ? { email: server.email } : {}),
    token: server.token,
    on_hidden: onHidden,
  })
  const bench = await SyncBench.open({ plugin: connector as SourceJob['plugin'], config, now: () => clock.now, fullListingIntervalMs: 0 })
  try {
    await bench.sync()
    server.world.hide(hidden ?? '')
    expect((await bench.sync()).totals.documents).toMatchObject({ deleted: 0, unconfirmed: 1 })
    onHidden = 'keep'
    for (let run = 0; run < 3; run += 1) {
      const { status, totals } = await bench.sync()
      expect({ status, ...totals.documents }).toMatchObject({ status: 'succeeded', deleted: 0, unconfirmed: 0 })
      expect((await bench.export()).map(({ payload }) => payload.title).toSorted()).toEqual(['Hidden', 'Other'])
    }
  } finally {
    await bench.close()
  }
})
