import connector from '@qdrant-loader/connector-confluence'
import type { SourceJob } from '@qdrant-loader/core/pipeline'
import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import { expect, it } from 'vitest'
import { SyncBench } from '../sync-bench.ts'

it.each(['cloud', 'datacenter'] as const)('%s: the one selected page of a space is hidden, then the whole space shows nothing: it stays', async (deployment) => {
  const clock = { now: Date.UTC(2026, 4, 10, 12) }
  await using server = await ConfluenceSimulator.start({ deployment, now: () => clock.now })
  for (const key of ['DEV', 'OPS']) server.world.createSpace({ key })
  const page = (space: string, title: string) => server.world.createPage({ space, title, body: `<p>${title}</p>`, labels: ['guide'] }).id
  const [one] = [page('DEV', 'One'), page('OPS', 'Two')]
  const config = () => ({
    base_url: server.url, deployment_type: deployment, space_key: ['DEV', 'OPS'], include_labels: 'guide', token: server.token,
    ...(deployment === 'cloud' ? { email: server.email } : {}),
  })
  const bench = await SyncBench.open({ plugin: connector as SourceJob['plugin'], config, now: () => clock.now })
  try {
    await bench.sync()
    server.world.hide(one)
    expect((await bench.sync({ fullListingIntervalMs: 0 })).totals.documents).toMatchObject({ deleted: 0, unconfirmed: 1 })
    server.world.hide(one, false)
    server.world.setAccess('DEV', 'empty')
    for (const interval of [Number.MAX_SAFE_INTEGER, 0]) {
      await bench.sync({ fullListingIntervalMs: interval })
      expect((await bench.export()).map(({ payload }) => payload.title).toSorted()).toEqual(['One', 'Two'])
    }
  } finally {
    await bench.close()
  }
})
