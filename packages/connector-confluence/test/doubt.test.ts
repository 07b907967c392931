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

  it('nothing is hidden for good while one of the spaces shows none of its pages', async () => {
    await using stage = await Stage.open(deployment, { space_key: ['DEV', 'OPS'] })
    stage.world.createSpace({ key: 'OPS' })
    const [here, there] = [stage.page('Here', '<p>here</p>'), stage.page('There', '<p>there</p>', { space: 'OPS' })]
    await stage.sync()
    for (const id of [here, there]) stage.world.hide(id)
    stage.world.setAccess('OPS', 'empty')
    expect(await stage.judge([here, there], [here, there])).toEqual(['unknown', 'unknown'])
    stage.world.setAccess('OPS', 'readable')
    expect(await stage.judge([here, there], [here, there])).toEqual(['hidden', 'hidden'])
  })

  it('the comments of a hidden page that is kept are kept with it', async () => {
    await using stage = await Stage.open(deployment, { include_comments: true, on_hidden: 'keep' })
    const page = stage.page('Page', '<p>page</p>')
    const comment = `comment/${stage.world.addComment(page, '<p>on it</p>').id}`
    await stage.sync()
    stage.world.hide(page)
    expect((await stage.sweep()).deleted).toEqual([])
    expect(stage.text(comment)).toBe('on it')
    stage.world.hide(page, false)
    stage.world.trash(comment.replace('comment/', ''))
    expect((await stage.sweep()).deleted).toEqual([comment])
  })

  it('a site that was restored from a backup counts its versions anew, and is read anew', async () => {
    await using stage = await Stage.open(deployment)
    const [edited, rolledBack] = ['Edited', 'Rolled back'].map((title) => stage.page(title, '<p>1</p>'))
    if (edited === undefined || rolledBack === undefined) throw new Error('no pages')
    for (const id of [edited, rolledBack]) {
      stage.clock.now += MINUTE
      stage.world.edit(id, '<p>2</p>')
    }
    await stage.sync()
    for (const id of [edited, rolledBack]) Object.assign(stage.world.content(id), { body: '<p>1</p>', version: { ...stage.world.content(id).version, number: 1 } })
    stage.clock.now += HOUR
    stage.world.edit(edited, '<p>another second</p>')
    await stage.sync()
    expect(stage.text(edited)).toBe('another second')
    await stage.sweep()
    expect(stage.text(rolledBack)).toBe('1')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })
})

describe('Data Center: what cannot be told', () => {
  it('a trash that only administrators may look into stops no run', async () => {
    await using stage = await Stage.open('datacenter', {}, { trashNeedsAdmin: true })
    const [kept, gone] = ['Kept', 'Gone'].map((title) => stage.page(title, '<p>text</p>'))
    await stage.sync()
    stage.world.trash(gone ?? '')
    await stage.sweep()
    expect(await stage.judge([gone ?? '', kept ?? ''], [gone ?? ''])).toEqual(['hidden', 'present'])
  })

  it('a listing without the places of its pages is an error; without its page a comment is asked about', async () => {
    await using stage = await Stage.open('datacenter', { include_comments: true })
    const top = stage.page('Top', '<p>top</p>')
    const below = stage.page('Below', '<p>below</p>', { parent: top })
    const comment = stage.world.addComment(below, '<p>on it</p>').id
    const host = stage.freshHost({ ancestors: top })
    await host.sync()
    stage.clock.now += MINUTE
    const common = { status: 'current', title: 't', space: { key: 'DEV', name: 'Development' }, version: { number: 1, when: new Date(0).toISOString() } }
    const answer = (type: string, ids: readonly string[]) => ({
      kind: 'answer' as const, status: 200, contentType: 'application/json', body: JSON.stringify({ results: ids.map((id) => ({ id, type, ...common })), _links: {} }),
    })
    stage.server.faults.add(answer('page', [top, below]), { route: 'GET /rest/api/content', times: 3 })
    expect(await loaderErrorOf(host.sync({ listingDue: true }))).toMatchObject({ code: 'confluence_bad_answer' })
    stage.server.faults.clear()
    stage.server.faults.add(answer('comment', [comment]), { route: '/content/search' })
    expect((await host.sync({ listingDue: true })).deleted).toEqual([])
  })

  it('an archived space is read with its comments, in bulk', async () => {
    await using stage = await Stage.open('datacenter', { include_comments: true })
    const ids = Array.from({ length: 60 }, (_, number) => stage.page(`Page ${number}`, `<p>${number}</p>`))
    const comment = stage.world.addComment(ids[0] ?? '', '<p>before</p>').id
    await stage.sync()
    stage.world.archiveSpace('DEV')
    stage.world.edit(comment, '<p>after</p>')
    const fresh = stage.world.addComment(ids[1] ?? '', '<p>another</p>').id
    stage.world.trash(ids[2] ?? '')
    const { deleted, loaded } = await stage.sweep()
    expect({ deleted, loaded: loaded.toSorted() }).toEqual({ deleted: [ids[2]], loaded: [`comment/${comment}`, `comment/${fresh}`].toSorted() })
    expect(stage.text(`comment/${comment}`)).toBe('after')
    stage.server.resetCounters()
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
    expect(stage.server.requestCount).toBeLessThan(20)
  })
})
