import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

describe.each(DEPLOYMENTS)('%s: what is gone', (deployment) => {
  it('a page in the trash is deleted, and comes back when it is restored', async () => {
    await using stage = await Stage.open(deployment)
    const id = stage.page('Page', '<p>page</p>')
    await stage.sync()
    stage.world.trash(id)
    expect((await stage.sync()).deleted).toEqual([])
    expect(await stage.judge([id])).toEqual(['deleted'])
    expect((await stage.sweep()).deleted).toEqual([id])
    stage.world.restore(id)
    await stage.sweep()
    expect(stage.text(id)).toBe('page')
  })

  it('a page that was moved to another space is out of scope', async () => {
    await using stage = await Stage.open(deployment)
    stage.world.createSpace({ key: 'OPS' })
    const id = stage.page('Page', '<p>page</p>')
    await stage.sync()
    stage.world.movePage(id, { space: 'OPS' })
    expect(await stage.judge([id])).toEqual(['out-of-scope'])
    expect((await stage.sweep()).deleted).toEqual([id])
  })

  it('a hidden and a purged page look the same: unknown at first, hidden when a later run asks again', async () => {
    await using stage = await Stage.open(deployment)
    const [hidden, purged] = [stage.page('Hidden', '<p>hidden</p>'), stage.page('Purged', '<p>purged</p>')]
    const below = stage.page('Below', '<p>below</p>', { parent: hidden })
    await stage.sync()
    stage.world.hide(hidden)
    stage.world.trash(purged)
    stage.world.purge(purged)
    const all = [hidden, below, purged]
    expect(await stage.judge(all)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(await stage.judge(all, all)).toEqual(['hidden', 'hidden', 'hidden'])
    expect(await stage.judge(all, all, { on_hidden: 'keep' })).toEqual(['present', 'present', 'present'])
    stage.world.hide(hidden, false)
    expect(await stage.judge([hidden, below], all)).toEqual(['present', 'present'])
  })

  it('nothing is hidden for good while one of the spaces cannot be read', async () => {
    await using stage = await Stage.open(deployment, { space_key: ['DEV', 'OPS'] })
    stage.world.createSpace({ key: 'OPS' })
    const id = stage.page('Page', '<p>page</p>')
    await stage.sync()
    stage.world.hide(id)
    stage.world.setAccess('OPS', 'hidden')
    expect(await stage.judge([id], [id])).toEqual(['unknown'])
  })

  it.each(['hidden', 'forbidden', 'empty'] as const)('a space that is lost (%s) deletes nothing, is named, and is caught up with when it is back', async (access) => {
    await using stage = await Stage.open(deployment, { space_key: ['DEV', 'OPS'] })
    stage.world.createSpace({ key: 'OPS' })
    const edited = stage.page('Edited', '<p>before</p>', { space: 'OPS' })
    const trashed = stage.page('Trashed', '<p>gone</p>', { space: 'OPS' })
    const here = stage.page('Here', '<p>here</p>')
    await stage.sync()
    stage.world.setAccess('OPS', access)
    const { deleted, listing, changes } = await stage.sweep()
    expect({ deleted, listing }).toEqual({ deleted: [], listing: { everythingIn: ['DEV'], configured: ['DEV', 'OPS'] } })
    expect(changes.at(-1)).toMatchObject({ unreadable: [{ scope: 'OPS', code: 'confluence_space_unreadable' }] })
    stage.world.edit(edited, '<p>after</p>')
    stage.world.trash(trashed)
    stage.world.edit(here, '<p>still here</p>')
    expect((await stage.sync()).changes.at(-1)).toMatchObject({ unreadable: [{ scope: 'OPS' }] })
    expect(stage.text(here)).toBe('still here')
    stage.clock.now += 100 * HOUR
    await stage.sync()
    stage.world.setAccess('OPS', 'readable')
    const back = await stage.sync()
    expect(back.changes.at(-1)).not.toHaveProperty('unreadable')
    expect(stage.text(edited)).toBe('after')
    expect(back.deleted).toEqual([trashed])
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('a misspelt space is named in each run, and read once it is there', async () => {
    await using stage = await Stage.open(deployment, { space_key: ['DEV', 'NEW'] })
    await stage.sync()
    expect((await stage.sync()).changes.at(-1)).toMatchObject({ unreadable: [{ scope: 'NEW', kind: 'auth' }] })
    stage.world.createSpace({ key: 'NEW' })
    const id = stage.page('New', '<p>new</p>', { space: 'NEW' })
    expect((await stage.sync()).changes.at(-1)).not.toHaveProperty('unreadable')
    expect(stage.text(id)).toBe('new')
  })

  it('no readable space at all is an error', async () => {
    await using stage = await Stage.open(deployment)
    await stage.sync()
    stage.world.setAccess('DEV', 'hidden')
    const error = await loaderErrorOf(stage.sync())
    expect(error).toMatchObject({ code: 'confluence_space_unreadable', kind: 'auth', message: expect.stringMatching(/^The space DEV cannot be read on 127/) })
    expect(error.message).toContain('DEV')
  })
})

describe('cloud: archived pages', () => {
  it.each([true, false])('are no documents; an archived page is deleted as such (searches show them: %s)', async (searchShowsArchived) => {
    await using stage = await Stage.open('cloud', { include_comments: true }, { searchShowsArchived })
    const id = stage.page('Page', '<p>page</p>')
    const comment = stage.world.addComment(id, '<p>hm</p>').id
    await stage.sync()
    stage.world.archivePage(id)
    expect(await stage.judge([id, `comment/${comment}`])).toEqual(['archived', 'archived'])
    const { deleted } = await stage.sweep()
    expect(deleted.toSorted()).toEqual([id, `comment/${comment}`].toSorted())
    expect(stage.host.texts.size).toBe(0)
    stage.world.restore(id)
    await stage.sweep()
    expect(stage.host.texts.size).toBe(2)
  })
})

describe.each(DEPLOYMENTS)('%s: comments', (deployment) => {
  it('are documents of their own, and do not touch their page', async () => {
    await using stage = await Stage.open(deployment, { include_comments: true })
    const page = stage.page('Page', '<p>some text</p>')
    await stage.sync()
    const footer = stage.world.addComment(page, '<p>at the foot</p>').id
    const inline = stage.world.addComment(page, '<p>on a word</p>', { selection: 'some' }).id
    const reply = stage.world.addComment(footer, '<p>a reply</p>').id
    const { loaded } = await stage.sync()
    expect(loaded.toSorted()).toEqual([footer, inline, reply].map((id) => `comment/${id}`).toSorted())
    expect(stage.stub(`comment/${inline}`)).toMatchObject({
      location: { title: 'Comment on Page' },
      metadata: { kind: 'comment', page_id: page, comment_type: 'inline' },
    })
    expect(stage.stub(`comment/${reply}`).metadata).toMatchObject({ parent_comment_id: footer })
    stage.world.edit(footer, '<p>edited</p>')
    expect((await stage.sync()).loaded).toEqual([`comment/${footer}`])
    stage.world.trash(inline)
    expect(await stage.judge([`comment/${inline}`, `comment/${footer}`])).toEqual(['deleted', 'present'])
    expect((await stage.sweep()).deleted).toEqual([`comment/${inline}`])
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('are named after their page, and go with it', async () => {
    await using stage = await Stage.open(deployment, { include_comments: true, exclude_labels: 'private' })
    const page = stage.page('Page', '<p>some text</p>')
    const comment = `comment/${stage.world.addComment(page, '<p>hm</p>').id}`
    await stage.sync()
    stage.world.rename(page, 'Renamed')
    expect((await stage.sync()).described).toEqual([comment])
    expect(stage.stub(comment).location.title).toBe('Comment on Renamed')
    stage.world.setLabels(page, ['private'])
    expect((await stage.sweep()).deleted.toSorted()).toEqual([page, comment].toSorted())
  })

  it('are left out by default', async () => {
    await using stage = await Stage.open(deployment)
    stage.world.addComment(stage.page('Page', '<p>some text</p>'), '<p>hm</p>')
    await stage.sync()
    expect(stage.host.texts.size).toBe(1)
  })
})

describe.each(DEPLOYMENTS)('%s: included pages', (deployment) => {
  const include = (title: string) => `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}" /></ac:link></ac:parameter></ac:structured-macro>`

  it('an edit of the included page refreshes the including one, in the same run', async () => {
    await using stage = await Stage.open(deployment)
    const part = stage.page('Part', '<p>shared</p>')
    const whole = stage.page('Whole', `<p>own</p>${include('Part')}`)
    await stage.sync()
    expect(stage.text(whole)).toBe('own\n\nshared')
    expect(stage.host.documents.get(whole)?.document.dependsOn).toEqual([part])
    stage.world.edit(part, '<p>edited</p>')
    await stage.sync()
    expect(stage.text(whole)).toBe('own\n\nedited')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
    expect((await stage.sweep()).loaded).toEqual([])
  })

  it('also when the included page is not selected, deeper, or in another space', async () => {
    await using stage = await Stage.open(deployment, { exclude_labels: 'part' })
    stage.world.createSpace({ key: 'OPS' })
    const far = stage.page('Far', '<p>far</p>', { space: 'OPS' })
    const part = stage.page('Part', `<p>part</p>${include('Far').replace('<ri:page', '<ri:page ri:space-key="OPS"')}`, { labels: ['part'] })
    const whole = stage.page('Whole', include('Part'))
    await stage.sync()
    expect(stage.text(whole)).toBe('part\n\nfar')
    expect(stage.host.texts.has(part)).toBe(false)
    stage.world.edit(part, include('Far').replace('<ri:page', '<ri:page ri:space-key="OPS"'))
    expect((await stage.sync()).loaded).toEqual([whole])
    expect(stage.text(whole)).toBe('far')
    stage.world.edit(far, '<p>farther</p>')
    expect((await stage.sync()).loaded).toEqual([])
    expect((await stage.sweep()).loaded).toEqual([whole])
    expect(stage.text(whole)).toBe('farther')
  })

  it('a page that is included before it exists is shown once it does', async () => {
    await using stage = await Stage.open(deployment)
    const whole = stage.page('Whole', include('Later'))
    await stage.sync()
    expect(stage.text(whole)).toContain('Later')
    stage.page('Later', '<p>here now</p>')
    await stage.sync()
    expect(stage.text(whole)).toBe('here now')
  })
})
