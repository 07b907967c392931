import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, MINUTE, Stage } from './stage.ts'

it('a page whose parent is archived while a listing is walked is still below the chosen page', async () => {
  await using stage = await Stage.open('cloud', {}, { caps: { v2: 2 } })
  const top = stage.page('Top', '<p>top</p>')
  const child = stage.page('Child', '<p>child</p>', { parent: top })
  for (let number = 0; number < 4; number += 1) stage.page(`Page ${number}`, '<p>page</p>', { parent: top })
  const middle = stage.page('Middle', '<p>middle</p>', { parent: top })
  stage.world.movePage(child, { parent: middle })
  const host = stage.freshHost({ ancestors: top })
  await host.sync()
  stage.clock.now += MINUTE
  let listed = 0
  stage.server.onRequest = (route) => {
    if (!route.endsWith('/v2/pages')) return
    listed += 1
    if (listed === 3) stage.world.archivePage(middle)
  }
  const { deleted } = await host.sync({ listingDue: true })
  stage.server.onRequest = undefined
  expect(deleted).toEqual([middle])
  expect(host.documents.get(child)?.stub.metadata?.['breadcrumbs']).toEqual(['Development', 'Development Home', 'Top'])
})

it('a page below a folder that cannot be seen is asked about, before it counts as left out', async () => {
  await using stage = await Stage.open('cloud')
  const top = stage.page('Top', '<p>top</p>')
  const folder = stage.world.createFolder({ space: 'DEV', title: 'Folder', parent: top }).id
  const child = stage.page('Child', '<p>child</p>', { parent: folder })
  const host = stage.freshHost({ ancestors: top })
  await host.sync()
  stage.clock.now += MINUTE
  stage.server.faults.add({ kind: 'status', status: 404 }, { route: '/folders/{id}', times: 10 })
  expect((await host.sync({ listingDue: true })).deleted).toEqual([])
  stage.world.edit(child, '<p>edited</p>')
  expect((await host.sync()).deleted).toEqual([])
  expect(host.texts.get(child)).toBe('edited')
})

describe.each(DEPLOYMENTS)('%s: doubt', (deployment) => {
  it('a status that says nothing for certain deletes nothing', async () => {
    await using stage = await Stage.open(deployment)
    const id = stage.page('Page', '<p>page</p>')
    await stage.sync()
    const when = new Date(stage.clock.now).toISOString()
    const labels = { results: [], limit: 200, size: 0 }
    const draft = { id, type: 'page', status: 'draft', title: 'Page', space: { key: 'DEV' }, version: { number: 1, when }, ancestors: [], metadata: { labels } }
    const body = JSON.stringify({ results: [draft], _links: {} })
    stage.server.faults.add({ kind: 'answer', status: 200, body, contentType: 'application/json' }, { route: '/content/search' })
    const { changes } = await stage.sync()
    expect(changes.map(({ kind }) => kind)).toEqual(['complete'])
  })

  it('a space that lost all its pages but one is listed as it is; what was purged goes when a second run confirms it', async () => {
    await using stage = await Stage.open(deployment, { space_key: ['DEV', 'OPS'] })
    stage.world.createSpace({ key: 'OPS' })
    const ids = Array.from({ length: 30 }, (_, number) => stage.page(`Page ${number}`, '<p>page</p>'))
    await stage.sync()
    for (const id of ids) {
      stage.world.trash(id)
      stage.world.purge(id)
    }
    const { listing } = await stage.sweep()
    expect(listing).toEqual({ everythingIn: ['DEV', 'OPS'], configured: ['DEV', 'OPS'] })
    expect(await stage.judge(ids)).toEqual(ids.map(() => 'unknown'))
    expect(await stage.judge(ids, ids)).toEqual(ids.map(() => 'hidden'))
  })

  it('a space that shows none of its pages is looked at with one request a kind, until it shows one', async () => {
    await using stage = await Stage.open(deployment, { space_key: ['DEV', 'OPS'] }, { caps: { v2: 5, expanded: 5 } })
    stage.world.createSpace({ key: 'OPS' })
    const id = stage.page('Ops', '<p>ops</p>', { space: 'OPS' })
    for (let number = 0; number < 30; number += 1) stage.page(`Page ${number}`, '<p>page</p>')
    stage.clock.now += 2 * HOUR
    await stage.sync()
    stage.world.setAccess('OPS', 'empty')
    await stage.sweep()
    stage.clock.now += 2 * HOUR
    const { requests, changes } = await stage.sync()
    expect(requests.source).toBe(2 + 2)
    expect(changes).toMatchObject([{ kind: 'complete', listing: 'changes', unreadable: [{ scope: 'OPS', message: expect.stringContaining('shows none of its pages') }] }])
    stage.world.setAccess('OPS', 'readable')
    stage.world.edit(id, '<p>edited</p>')
    stage.clock.now += 100 * HOUR
    expect((await stage.sync()).changes.at(-1)).not.toHaveProperty('unreadable')
    expect(stage.text(id)).toBe('edited')
  })

  it('the only space shows none of its pages: nothing is deleted, and the message says so', async () => {
    await using stage = await Stage.open(deployment)
    const id = stage.page('Page', '<p>page</p>')
    await stage.sync()
    stage.world.setAccess('DEV', 'empty')
    const error = await loaderErrorOf(stage.sweep())
    expect(error).toMatchObject({ code: 'confluence_space_unreadable', message: 'The space DEV is there, and shows none of its pages' })
    expect(stage.text(id)).toBe('page')
  })
})
