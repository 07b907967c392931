import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

describe.each(DEPLOYMENTS)('%s: what changed', (deployment) => {
  it.each([-12, 0, 14])('an edit is found by search, whatever the zone in which the server reads times: UTC%i', async (hours) => {
    await using stage = await Stage.open(deployment)
    stage.server.timeZoneMinutes = hours * 60
    const id = stage.page('One', '<p>before</p>')
    stage.page('Two', '<p>still</p>')
    await stage.sync()
    stage.clock.now += 5 * HOUR
    stage.world.edit(id, '<p>after</p>')
    const { loaded, requests } = await stage.sync()
    expect(loaded).toEqual([id])
    expect(requests.content).toBe(1)
    expect(stage.text(id)).toBe('after')
  })

  it('an unchanged run takes two requests and no body', async () => {
    await using stage = await Stage.open(deployment, {}, { caps: { expanded: 5 } })
    for (let number = 0; number < 20; number += 1) stage.page(`Page ${number}`, `<p>${number}</p>`)
    // Within an hour of an import of many pages, all of them would be looked at again.
    stage.clock.now += 2 * HOUR
    await stage.sync()
    for (const pause of [0, 2 * HOUR, 100 * HOUR]) {
      stage.clock.now += pause
      const { requests, changes } = await stage.sync()
      expect(changes.map(({ kind }) => kind)).toEqual(['complete'])
      expect(requests).toEqual({ source: 2, content: 0 })
      expect(stage.server.bodiesServed).toBe(0)
    }
  })

  it.each([
    ['a right clock', 0, true],
    ['a clock three hours ahead', 3, true],
    ['a clock three hours behind', -3, true],
    ['a clock three hours ahead of a server that does not tell its time', 3, false],
  ])('%s: an index that lags shows a page to a later run, below edits that are known by then', async (_clock, ahead, tellsTime) => {
    await using stage = await Stage.open(deployment, {}, { caps: { expanded: 3 }, tellsTime })
    stage.clientAhead = ahead * HOUR
    const pages = Array.from({ length: 9 }, (_, number) => stage.page(`Page ${number}`, `<p>${number}</p>`))
    await stage.sync()
    stage.clock.now += 60_000
    stage.world.index.lagMs = 2 * HOUR
    const late = stage.page('Late', '<p>late</p>')
    stage.world.index.lagMs = 0
    stage.clock.now += 60_000
    for (const id of pages) stage.world.edit(id, '<p>edited</p>')
    expect((await stage.sync()).loaded).toHaveLength(9)
    expect(stage.text(late)).toBeUndefined()
    stage.world.index.catchUp()
    expect((await stage.sync()).loaded).toEqual([late])
  })

  it('a renamed page changes what is shown of the pages below it at once, and reads no body of them', async () => {
    await using stage = await Stage.open(deployment)
    const top = stage.page('Top', '<p>top</p>')
    const below = stage.page('Below', '<p>below</p>', { parent: top })
    const deep = stage.page('Deep', '<p>deep</p>', { parent: below })
    await stage.sync()
    stage.world.rename(top, 'Renamed')
    const { loaded, described } = await stage.sync()
    expect(loaded).toEqual([top])
    expect(described).toEqual([below, deep])
    expect(stage.stub(deep).metadata?.['breadcrumbs']).toEqual(['Development', 'Development Home', 'Renamed', 'Below'])
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('a move bumps no version: the listing finds it, and reads nothing', async () => {
    await using stage = await Stage.open(deployment)
    const [one, two] = [stage.page('One', '<p>one</p>'), stage.page('Two', '<p>two</p>')]
    const below = stage.page('Below', '<p>below</p>', { parent: one })
    await stage.sync()
    stage.world.movePage(below, { parent: two })
    const { loaded, described } = await stage.sweep()
    expect(loaded).toEqual([])
    expect(described.toSorted()).toEqual([one, two, below].toSorted())
    expect(stage.stub(below).metadata).toMatchObject({ parent_id: two })
    expect(stage.stub(two).metadata).toMatchObject({ child_ids: [below] })
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('a new page is a child of its parent in the same run', async () => {
    await using stage = await Stage.open(deployment)
    const parent = stage.page('Parent', '<p>parent</p>')
    await stage.sync()
    const child = stage.page('Child', '<p>child</p>', { parent, labels: ['b', 'a'] })
    expect((await stage.sync()).loaded).toEqual([child])
    expect(stage.stub(parent).metadata).toMatchObject({ child_ids: [child] })
    expect(stage.stub(child)).toMatchObject({
      location: { title: 'Child' },
      metadata: { kind: 'page', space_key: 'DEV', space_name: 'Development', author: 'Ada Lovelace', last_editor: 'Ada Lovelace', labels: ['a', 'b'] },
      createdAt: new Date(stage.clock.now - 60_000).toISOString(),
    })
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('labels are found by the listing, and select', async () => {
    await using stage = await Stage.open(deployment, { include_labels: ['public', 'open'], exclude_labels: 'draft' })
    const wanted = stage.page('Wanted', '<p>wanted</p>', { labels: ['public'] })
    const draft = stage.page('Draft', '<p>draft</p>', { labels: ['open', 'draft'] })
    await stage.sync()
    expect([...stage.host.texts.keys()]).toEqual([wanted])
    stage.world.setLabels(draft, ['open'])
    stage.world.setLabels(wanted, [])
    const { deleted, changes } = await stage.sweep()
    expect(deleted).toEqual([wanted])
    expect(changes).toContainEqual({ kind: 'delete', id: wanted, verdict: 'out-of-scope' })
    expect([...stage.host.texts.keys()]).toEqual([draft])
  })

  it('many labels are read to the last', async () => {
    await using stage = await Stage.open(deployment)
    const labels = Array.from({ length: 230 }, (_, number) => `label-${String(number).padStart(3, '0')}`)
    const id = stage.page('Labelled', '<p>text</p>', { labels })
    await stage.sync()
    expect(stage.stub(id).metadata?.['labels']).toEqual(labels)
  })

  it('ancestors select themselves and everything below them', async () => {
    await using stage = await Stage.open(deployment)
    const top = stage.page('Top', '<p>top</p>')
    const below = stage.page('Below', '<p>below</p>', { parent: stage.page('Between', '<p>between</p>', { parent: top }) })
    const other = stage.page('Other', '<p>other</p>')
    const host = stage.freshHost({ ancestors: top })
    await host.sync()
    expect([...host.texts.values()].toSorted()).toEqual(['below', 'between', 'top'])
    stage.world.movePage(other, { parent: below })
    await host.sync({ listingDue: true })
    expect(host.texts.has(other)).toBe(true)
  })

  it('blog posts are read, or left out', async () => {
    await using stage = await Stage.open(deployment)
    const post = stage.world.createBlogPost({ space: 'DEV', title: 'News', body: '<p>news</p>' }).id
    const page = stage.page('Page', '<p>page</p>')
    await stage.sync()
    expect([...stage.host.texts.keys()].toSorted()).toEqual([post, page].toSorted())
    expect(stage.stub(post).metadata).toMatchObject({ kind: 'blogpost', breadcrumbs: ['Development'] })
    const host = stage.freshHost({ content_types: 'page' })
    await host.sync()
    expect([...host.texts.keys()]).toEqual([page])
  })

  it('several spaces are read, each a scope of its own', async () => {
    await using stage = await Stage.open(deployment, { space_key: ['dev', 'OPS'] })
    stage.world.createSpace({ key: 'OPS' })
    const host = stage.freshHost({ space_key: ['DEV', 'OPS'] })
    const { listing } = await host.sync()
    expect(listing).toEqual({ everythingIn: ['DEV', 'OPS'], configured: ['DEV', 'OPS'] })
  })

  it('a person who is renamed is named so after the next listing, in payloads and mentions', async () => {
    await using stage = await Stage.open(deployment)
    stage.world.createUser({ id: 'user-2', username: 'grace', displayName: 'Grace' })
    const attribute = deployment === 'cloud' ? 'account-id' : 'userkey'
    const id = stage.page('Page', `<p>Ask <ac:link><ri:user ri:${attribute}="user-2" /></ac:link></p>`)
    await stage.sync()
    expect(stage.text(id)).toBe('Ask @Grace')
    stage.world.user('user-2').displayName = 'Grace Hopper'
    expect((await stage.sweep()).loaded).toEqual([id])
    expect(stage.text(id)).toBe('Ask @Grace Hopper')
    expect((await stage.sweep()).loaded).toEqual([])
  })
})
