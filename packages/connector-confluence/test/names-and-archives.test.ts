import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

describe.each(DEPLOYMENTS)('%s: people may not be looked up', (deployment) => {
  const attribute = deployment === 'cloud' ? 'account-id' : 'userkey'
  const mention = (id: string, text = '') => `<p>ask <ac:link><ri:user ri:${attribute}="${id}" />${text === '' ? '' : `<ac:link-body>${text}</ac:link-body>`}</ac:link></p>`

  it.each([401, 403] as const)('C6: with %i, names are those that pages come with, and one warning says why', async (usersRefused) => {
    await using stage = await Stage.open(deployment, {}, { usersRefused })
    for (const id of ['grace', 'bob']) stage.world.createUser({ id, username: id, displayName: `${id} of the team` })
    const page = stage.world.createPage({ space: 'DEV', title: 'Page', body: `${mention('grace')}${mention('bob', 'Bob as it was written')}`, author: 'user-1' }).id
    stage.world.createPage({ space: 'DEV', title: 'By Grace', body: '<p>hers</p>', author: 'grace' })
    const { said } = await stage.sync()
    expect(stage.stub(page).metadata).toMatchObject({ author: 'Ada Lovelace', last_editor: 'Ada Lovelace' })
    expect(stage.text(page)).toContain('@grace of the team')
    expect(stage.text(page)).toContain('Bob as it was written')
    const warnings = said.filter((line) => line.startsWith('Names of people cannot be looked up'))
    expect(warnings).toEqual([expect.stringContaining(deployment === 'cloud' ? 'read:user:confluence' : 'browse users')])

    stage.clock.now += 3 * HOUR
    stage.world.edit(page, `${mention('grace')}<p>more</p>`, 'grace')
    await stage.sync()
    expect(stage.stub(page).metadata).toMatchObject({ author: 'Ada Lovelace', last_editor: 'grace of the team' })
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
    stage.world.user('grace').displayName = 'Grace with another name'
    await stage.sweep()
    expect(stage.text(page)).toContain('Grace with another name')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
    expect((await stage.sweep()).loaded).toEqual([])
  })

  it('C6: once they may, names are looked up', async () => {
    await using stage = await Stage.open(deployment, {}, { usersRefused: 403 })
    stage.world.createUser({ id: 'bob', username: 'bob', displayName: 'Bob' })
    const page = stage.page('Page', mention('bob'))
    await stage.sync()
    expect(stage.text(page)).toContain('unknown user')
    stage.server.usersRefused = undefined
    await stage.sweep()
    expect(stage.text(page)).toContain('@Bob')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('C6: without credentials', async () => {
    await using stage = await Stage.open(deployment, {}, { usersRefused: 401, openToEverybody: true })
    const page = stage.page('Page', '<p>open</p>')
    const host = stage.freshHost({ token: undefined, email: undefined })
    await host.sync()
    expect(host.texts.get(page)).toBe('open')
    expect(host.documents.get(page)?.stub.metadata).toMatchObject({ author: 'Ada Lovelace' })
  })
})

it('C6: a token whose scopes do not tell whose it is reads all the same', async () => {
  await using stage = await Stage.open('cloud', {}, { usersRefused: 401 })
  const page = stage.page('Page', '<p>page</p>')
  stage.server.faults.add({ kind: 'missing-scope' }, { route: '/user/current', times: 10 })
  await stage.sync()
  expect(stage.text(page)).toBe('page')
  const { source } = await stage.host.open()
  expect(await source.check(new AbortController().signal)).toContain('may not tell whose it is')
  await source.close(undefined)
})

describe('C8: an archived space of Cloud', () => {
  it('is listed and read in bulk, with labels, files and comments', async () => {
    await using stage = await Stage.open('cloud', { include_comments: true })
    const ids = Array.from({ length: 80 }, (_, number) => stage.page(`Page ${number}`, `<p>${number}</p>`, { labels: [`label-${number % 3}`] }))
    const comments = ids.slice(0, 60).map((id) => `comment/${stage.world.addComment(id, `<p>on ${id}</p>`).id}`)
    stage.world.addAttachment(ids[0] ?? '', 'plan.pdf')
    stage.world.archiveSpace('DEV')
    await stage.sync()
    expect(stage.host.texts.size).toBe(140)
    expect(stage.stub(ids[0] ?? '').metadata).toMatchObject({ labels: ['label-0'], attachments: [{ name: 'plan.pdf' }] })
    expect(stage.text(comments[7] ?? '')).toBe(`on ${ids[7]}`)
    expect(stage.server.requestCount).toBeLessThanOrEqual(20)
    await stage.sweep()
    expect(stage.server.requestCount).toBeLessThanOrEqual(9)
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('goes on when it is archived later: nothing is lost, edits and comments are found by the listing', async () => {
    await using stage = await Stage.open('cloud', { include_comments: true, exclude_labels: 'private' })
    const [page, other] = [stage.page('Page', '<p>before</p>'), stage.page('Other', '<p>other</p>')]
    const comment = stage.world.addComment(page, '<p>before</p>').id
    await stage.sync()
    stage.world.archiveSpace('DEV')
    for (const listingDue of [false, true]) {
      const { loaded, deleted } = await stage.sync({ listingDue })
      expect({ loaded, deleted }).toEqual({ loaded: [], deleted: [] })
    }
    stage.world.edit(page, '<p>after</p>')
    stage.world.edit(comment, '<p>after</p>')
    stage.world.trash(other)
    expect((await stage.sweep()).deleted).toEqual([other])
    expect([page, `comment/${comment}`].map((id) => stage.text(id))).toEqual(['after', 'after'])
    expect(await stage.judge([page, `comment/${comment}`])).toEqual(['present', 'present'])
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })
})

describe.each(DEPLOYMENTS)('%s: C10: a page with many children', (deployment) => {
  it.each([[100, undefined], [130, 130]] as const)('%i children: at most 100 are named, and how many there are is said', async (count, said) => {
    await using stage = await Stage.open(deployment)
    const home = stage.world.space('DEV').homepageId ?? ''
    stage.world.edit(home, '<p>home</p>')
    const ids = Array.from({ length: count }, (_, number) => stage.page(`Page ${number}`, '<p>page</p>'))
    await stage.sync()
    expect(stage.stub(home).metadata?.['child_ids']).toEqual(ids.slice(0, 100))
    expect(stage.stub(home).metadata?.['child_count']).toBe(said)
    expect(stage.stub(ids.at(-1) ?? '').metadata).toMatchObject({ parent_id: home })
    const { source } = await stage.host.open()
    const document = await source.reader.read(stage.stub(home), new AbortController().signal)
    expect(document !== 'gone' && document.stub.metadata).toEqual(stage.stub(home).metadata)
    await source.close(undefined)
    stage.page('One more', '<p>more</p>')
    await stage.sync()
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })
})
