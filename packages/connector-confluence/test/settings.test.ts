import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

const KEYS = { cloud: ['~712020abcdef', '~5b10ac8d82e05b22cc7d4ef5'], datacenter: ['~jane', '~jörg.o-neil@example.com'] } as const
/** What no search looks back to. */
const LATER = 100 * HOUR

describe.each(DEPLOYMENTS)('%s: settings', (deployment) => {
  it.each(KEYS[deployment])('the personal space %s is read, searched and listed like any other', async (key) => {
    await using stage = await Stage.open(deployment, { space_key: ['DEV', key], include_comments: true })
    stage.world.createSpace({ key, name: 'Jane' })
    const page = stage.page('Mine', '<p>before</p>', { space: key })
    const [moved, trashed] = [stage.page('Moved', '<p>moved</p>', { space: key }), stage.page('Trashed', '<p>trashed</p>', { space: key })]
    const comment = `comment/${stage.world.addComment(page, '<p>on it</p>').id}`
    expect((await stage.sync()).listing).toEqual({ everythingIn: ['DEV', key.toUpperCase()], configured: ['DEV', key.toUpperCase()] })
    expect([...stage.host.texts.keys()].toSorted()).toEqual([page, moved, trashed, comment].toSorted())
    expect(stage.stub(page).metadata).toMatchObject({ space_key: key, breadcrumbs: ['Jane', 'Jane Home'] })
    if (deployment === 'cloud') expect(stage.stub(page).location.url).toContain(`/spaces/${encodeURIComponent(key)}/pages/`)

    stage.clock.now += LATER
    stage.world.edit(page, '<p>after</p>')
    expect((await stage.sync()).loaded).toEqual([page])
    stage.world.movePage(moved, { space: 'DEV' })
    stage.world.trash(trashed)
    expect((await stage.sweep()).deleted).toEqual([trashed])
    expect(stage.stub(moved).metadata).toMatchObject({ space_key: 'DEV' })
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('content_types: page alone leaves blog posts and their comments out, in searches as in listings', async () => {
    await using stage = await Stage.open(deployment, { content_types: 'page', include_comments: true })
    const page = stage.page('Page', '<p>page</p>')
    const post = stage.world.createBlogPost({ space: 'DEV', title: 'News', body: '<p>news</p>' }).id
    const [onPage, onPost] = [page, post].map((id) => `comment/${stage.world.addComment(id, '<p>hm</p>').id}`)
    for (const sync of [() => stage.sync(), () => stage.sweep()]) {
      await sync()
      expect([...stage.host.texts.keys()].toSorted()).toEqual([page, onPage].toSorted())
      stage.world.edit(post, '<p>edited</p>')
      stage.world.edit((onPost ?? '').replace('comment/', ''), '<p>edited</p>')
      expect((await stage.sync()).changes.map(({ kind }) => kind)).toEqual(['complete'])
    }
  })

  it('include_labels: a page gets the label with an edit, and is read; it loses it with another, and is left out', async () => {
    await using stage = await Stage.open(deployment, { include_labels: 'public', include_comments: true })
    const page = stage.page('Page', '<p>one</p>')
    const comment = `comment/${stage.world.addComment(page, '<p>hm</p>').id}`
    await stage.sync()
    expect(stage.host.texts.size).toBe(0)
    stage.world.setLabels(page, ['public', 'other'])
    stage.world.edit(page, '<p>two</p>')
    expect((await stage.sync()).loaded).toContain(page)
    await stage.sweep()
    expect([...stage.host.texts.keys()].toSorted()).toEqual([page, comment].toSorted())
    stage.world.setLabels(page, ['other'])
    stage.world.edit(page, '<p>three</p>')
    expect((await stage.sync()).deleted.toSorted()).toEqual([page, comment].toSorted())
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('on_hidden: keep: what was seen once stays while it is invisible, and goes once it is seen in the trash', async () => {
    await using stage = await Stage.open(deployment, { on_hidden: 'keep', include_comments: true })
    const [hidden, purged, trashed] = ['Hidden', 'Purged', 'Trashed'].map((title) => stage.page(title, `<p>${title}</p>`)) as [string, string, string]
    const below = stage.page('Below', '<p>below</p>', { parent: hidden })
    const comments = [hidden, purged, trashed, below].map((id) => `comment/${stage.world.addComment(id, '<p>hm</p>').id}`)
    const never = stage.page('Never', '<p>never</p>')
    stage.world.hide(never)
    await stage.sync()
    const held = [...stage.host.texts.keys()].toSorted()
    expect(held).toEqual([hidden, purged, trashed, below, ...comments].toSorted())

    for (const id of [hidden, trashed]) stage.world.hide(id)
    stage.world.trash(trashed)
    stage.world.trash(purged)
    stage.world.purge(purged)
    for (let run = 0; run < 3; run += 1) {
      stage.clock.now += LATER
      expect((await stage.sweep()).deleted).toEqual([])
    }
    stage.world.hide(trashed, false)
    expect((await stage.sweep()).deleted.toSorted()).toEqual([trashed, comments[2] ?? ''].toSorted())
    stage.world.hide(hidden, false)
    stage.world.edit(hidden, '<p>back</p>')
    expect((await stage.sweep()).deleted).toEqual([])
    expect(stage.text(hidden)).toBe('back')
    expect(stage.host.texts.has(never)).toBe(false)
  })
})

describe('Data Center: a space is archived, and comes back', () => {
  it('is listed and read as before; edits wait for the listing, and after its return for no listing', async () => {
    await using stage = await Stage.open('datacenter', { include_comments: true, space_key: ['DEV', 'OPS'] })
    stage.world.createSpace({ key: 'OPS' })
    const [page, other] = [stage.page('Page', '<p>before</p>'), stage.page('Other', '<p>other</p>', { space: 'OPS' })]
    const comment = stage.world.addComment(page, '<p>before</p>').id
    await stage.sync()
    stage.world.archiveSpace('DEV')
    for (const due of [false, true]) {
      const { loaded, described, deleted } = await stage.sync({ listingDue: due })
      expect({ loaded, described, deleted }).toEqual({ loaded: [], described: [], deleted: [] })
    }

    stage.world.edit(page, '<p>archived</p>')
    stage.world.edit(comment, '<p>archived</p>')
    stage.world.edit(other, '<p>edited</p>')
    const { loaded, deleted } = await stage.sync()
    expect({ there: loaded.includes(other), deleted }).toEqual({ there: true, deleted: [] })
    await stage.sweep()
    expect([page, `comment/${comment}`].map((id) => stage.text(id))).toEqual(['archived', 'archived'])
    expect(await stage.visible()).toEqual(await stage.cleanBuild())

    stage.clock.now += LATER
    stage.world.archiveSpace('DEV', false)
    stage.world.edit(page, '<p>back</p>')
    stage.world.edit(comment, '<p>back</p>')
    expect((await stage.sync()).loaded.toSorted()).toEqual([page, `comment/${comment}`].toSorted())
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('a space that is archived from the first run on is read whole', async () => {
    await using stage = await Stage.open('datacenter', { include_comments: true })
    const page = stage.page('Page', '<p>text</p>', { labels: ['old'] })
    const comment = `comment/${stage.world.addComment(page, '<p>hm</p>').id}`
    stage.world.addAttachment(page, 'a.pdf')
    stage.world.archiveSpace('DEV')
    await stage.sync()
    expect([...stage.host.texts.keys()].toSorted()).toEqual([page, comment].toSorted())
    expect(stage.stub(page).metadata).toMatchObject({ labels: ['old'], attachments: [{ name: 'a.pdf' }] })
    stage.world.trash(page)
    expect((await stage.sweep()).deleted.toSorted()).toEqual([page, comment].toSorted())
  })
})

describe('cloud: folders, whiteboards, databases and embeds', () => {
  const KINDS = ['folder', 'whiteboard', 'database', 'embed'] as const

  it.each(KINDS)('a %s is in the breadcrumbs of the pages below it, and what is below it is selected with what is above', async (kind) => {
    await using stage = await Stage.open('cloud')
    const top = stage.page('Top', '<p>top</p>')
    const outer = stage.world.createNode(kind, { space: 'DEV', title: 'Outer', parent: top }).id
    const inner = stage.world.createFolder({ space: 'DEV', title: 'Inner', parent: outer }).id
    const page = stage.page('Page', '<p>page</p>', { parent: inner })
    const below = stage.page('Below', '<p>below</p>', { parent: page })
    const [whole, part] = [stage.host, stage.freshHost({ ancestors: top })]
    const crumbs = (...names: string[]) => ['Development', 'Development Home', 'Top', ...names]
    const shown = (host: typeof whole, id: string) => host.documents.get(id)?.stub.metadata
    for (const host of [whole, part]) {
      await host.sync()
      expect(shown(host, page)).toMatchObject({ breadcrumbs: crumbs('Outer', 'Inner'), parent_id: inner })
      expect(shown(host, below)).toMatchObject({ breadcrumbs: crumbs('Outer', 'Inner', 'Page') })
      expect(host.texts.size).toBe(3)
    }

    // Neither is a page's own version: the listing finds them, and reads nothing.
    stage.world.rename(outer, 'Renamed')
    stage.world.movePage(inner, { parent: outer })
    const renamed = await stage.sweep()
    expect({ loaded: renamed.loaded, described: renamed.described.toSorted() }).toEqual({ loaded: [], described: [page, below].toSorted() })
    expect(shown(whole, page)).toMatchObject({ breadcrumbs: crumbs('Renamed', 'Inner') })

    stage.world.movePage(outer, { parent: null })
    expect((await stage.sweep()).deleted).toEqual([])
    expect(shown(whole, below)).toMatchObject({ breadcrumbs: ['Development', 'Renamed', 'Inner', 'Page'] })
    expect((await part.sync({ listingDue: true })).deleted.toSorted()).toEqual([page, below].toSorted())
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it.each(KINDS)('a new page below a %s has its breadcrumbs by the first search that finds it', async (kind) => {
    await using stage = await Stage.open('cloud')
    const above = stage.world.createNode(kind, { space: 'DEV', title: 'Above' }).id
    stage.page('There', '<p>there</p>', { parent: above })
    await stage.sync()
    const page = stage.page('New', '<p>new</p>', { parent: above })
    expect((await stage.sync()).loaded).toEqual([page])
    expect(stage.stub(page).metadata).toMatchObject({ breadcrumbs: ['Development', 'Development Home', 'Above'] })
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })
})
