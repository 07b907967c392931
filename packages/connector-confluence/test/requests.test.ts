import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, HOUR, Stage } from './stage.ts'

const PAGES = 900
const SOME = 200

function include(title: string, space = 'DEV'): string {
  return `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:space-key="${space}" ri:content-title="${title}" /></ac:link></ac:parameter></ac:structured-macro>`
}

describe.each(DEPLOYMENTS)('%s: requests', (deployment) => {
  it(`${PAGES} pages that mention ${SOME} people: ${SOME} of them include one page, ${SOME} a page each, ${SOME} a page each of a space that is not read`, { timeout: 120_000 }, async () => {
    await using stage = await Stage.open(deployment)
    const { world, server } = stage
    world.createSpace({ key: 'OPS' })
    for (let number = 0; number < SOME; number += 1) {
      world.createUser({ id: `u${number}`, username: `u${number}`, displayName: `User ${number}` })
      stage.page(`Far ${number}`, `<p>far ${number}</p>`, { space: 'OPS' })
    }
    const shared = stage.page('Shared', '<p>shared</p>')
    const attribute = deployment === 'cloud' ? 'account-id' : 'userkey'
    const included = (number: number) => {
      if (number < SOME) return include('Shared')
      if (number < 2 * SOME) return include(`Far ${number - SOME}`, 'OPS')
      return number < 3 * SOME ? include(`Page ${number + 100}`) : ''
    }
    const body = (number: number) => `<p>${number} <ac:link><ri:user ri:${attribute}="u${number % SOME}" /></ac:link></p>${included(number)}`
    const ids = Array.from({ length: PAGES }, (_, number) => stage.page(`Page ${number}`, body(number)))
    stage.clock.now += 3 * HOUR

    // What is new in the answer for each: the names in the other space, and on Data Center the people.
    await stage.sync()
    const each = { cloud: SOME, datacenter: 2 * SOME }[deployment]
    const listing = 15
    expect(server.requestCount).toBeLessThanOrEqual(listing + each + 2 * Math.ceil(PAGES / 50) + 3 * Math.ceil(SOME / 50))
    expect(stage.text(ids[SOME + 7] ?? '')).toContain('far 7')

    stage.clock.now += 3 * HOUR
    expect((await stage.sweep()).loaded).toEqual([])
    expect(server.requestCount).toBeLessThanOrEqual(listing + { cloud: 3, datacenter: SOME + 5 }[deployment])

    world.edit(shared, '<p>edited</p>')
    expect((await stage.sync()).loaded).toHaveLength(SOME + 1)
    expect(server.requestCount).toBeLessThanOrEqual(6 + 2 * Math.ceil(SOME / 50))

    // A person has another name; the listing sees it, the edits of others do not ask.
    world.user('u7').displayName = 'Another name'
    for (let number = SOME; number < 2 * SOME; number += 1) world.edit(ids[number] ?? '', `${body(number)}<p>more</p>`)
    expect((await stage.sync()).loaded).toHaveLength(SOME)
    expect(server.requestCount).toBeLessThanOrEqual(12 + 2 * Math.ceil(SOME / 50) + Math.ceil(SOME / 100))
    await stage.sweep()
    expect(stage.text(ids[SOME + 7] ?? '')).toContain('Another name')
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })
})

describe('cloud: requests for what is above pages', () => {
  it.each([
    ['folders below the home page', undefined],
    ['folders at the top of the space', null],
  ] as const)('200 %s', async (_where, parent) => {
    await using stage = await Stage.open('cloud')
    const above = Array.from({ length: 200 }, (_, number) => {
      const folder = stage.world.createFolder({ space: 'DEV', title: `Folder ${number}`, ...(parent === null && { parent }) }).id
      return [folder, stage.page(`Page ${number}`, '<p>page</p>', { parent: folder })] as const
    })
    stage.clock.now += 3 * HOUR
    await stage.sync()
    await stage.sweep()
    // What is below no page is asked about alone.
    expect(stage.server.requestCount).toBeLessThanOrEqual(parent === null ? 210 : 12)
    for (const [number, [folder, page]] of above.entries()) {
      expect(stage.stub(page).metadata).toMatchObject({ parent_id: folder, breadcrumbs: ['Development', ...(parent === null ? [] : ['Development Home']), `Folder ${number}`] })
    }
    expect(await stage.visible()).toEqual(await stage.cleanBuild())
  })

  it('folders deeper than a listed tree goes are asked about alone', async () => {
    await using stage = await Stage.open('cloud')
    const titles = Array.from({ length: 14 }, (_, depth) => `Folder ${depth}`)
    let parent = stage.world.space('DEV').homepageId ?? ''
    const pages = titles.map((title, depth) => {
      parent = stage.world.createFolder({ space: 'DEV', title, parent }).id
      return stage.page(`Page ${depth}`, '<p>page</p>', { parent })
    })
    await stage.sync()
    for (const [depth, page] of pages.entries()) {
      expect(stage.stub(page).metadata?.['breadcrumbs']).toEqual(['Development', 'Development Home', ...titles.slice(0, depth + 1)])
    }
    expect(stage.server.requests.get('GET /wiki/api/v2/pages/{id}/descendants')).toBe(1)
    expect(stage.server.requests.get('GET /wiki/api/v2/folders/{id}')).toBe(4)
  })

  it('a few folders are asked about alone, several at once', async () => {
    await using stage = await Stage.open('cloud')
    for (let number = 0; number < 400; number += 1) stage.page(`Page ${number}`, '<p>page</p>')
    const folder = stage.world.createFolder({ space: 'DEV', title: 'Folder' }).id
    const page = stage.page('Below', '<p>below</p>', { parent: folder })
    await stage.sync()
    expect(stage.server.requests.get('GET /wiki/api/v2/folders/{id}')).toBe(1)
    expect(stage.server.requests.get('GET /wiki/api/v2/pages/{id}/descendants')).toBeUndefined()
    expect(stage.stub(page).metadata).toMatchObject({ breadcrumbs: ['Development', 'Development Home', 'Folder'] })
  })

  it.each(['folder', 'whiteboard', 'database', 'embed'] as const)('a page below a %s is below the chosen page', async (type) => {
    await using stage = await Stage.open('cloud')
    const top = stage.page('Top', '<p>top</p>')
    const between = stage.world.createNode(type, { space: 'DEV', title: 'Between', parent: top }).id
    const page = stage.page('Below', '<p>below</p>', { parent: between })
    const other = stage.page('Other', '<p>other</p>')
    const host = stage.freshHost({ ancestors: top })
    await host.sync()
    expect([...host.texts.keys()].toSorted()).toEqual([top, page].toSorted())
    expect(host.documents.get(page)?.stub.metadata).toMatchObject({
      parent_id: between,
      breadcrumbs: ['Development', 'Development Home', 'Top', 'Between'],
    })
    stage.clock.now += 60_000
    stage.world.movePage(other, { parent: between })
    await host.sync({ listingDue: true })
    expect(host.texts.get(other)).toBe('other')
  })

  it('a token that may not see whiteboards, or list trees, reads all the rest', async () => {
    await using stage = await Stage.open('cloud')
    const board = stage.world.createNode('whiteboard', { space: 'DEV', title: 'Board' }).id
    const folder = stage.world.createFolder({ space: 'DEV', title: 'Folder' }).id
    const ids = [board, folder].map((parent, number) => stage.page(`Page ${number}`, '<p>page</p>', { parent }))
    stage.server.faults.add({ kind: 'missing-scope' }, { route: '/whiteboards/{id}', times: 10 })
    stage.server.faults.add({ kind: 'missing-scope' }, { route: '/descendants', times: 10 })
    const { listing } = await stage.sync()
    expect(listing).toMatchObject({ everythingIn: ['DEV'] })
    expect(ids.map((id) => stage.stub(id).metadata?.['breadcrumbs'])).toEqual([['Development'], ['Development', 'Development Home', 'Folder']])
    expect((await stage.sweep()).deleted).toEqual([])
  })

  it('when one part of a listing fails, the others stop', async () => {
    await using stage = await Stage.open('cloud', {}, { caps: { v2: 1 } })
    for (let number = 0; number < 60; number += 1) stage.page(`Page ${number}`, '<p>page</p>')
    stage.server.faults.add({ kind: 'status', status: 400 }, { route: '/content/search', times: 1 })
    await expect(stage.sync()).rejects.toThrow()
    expect(stage.server.requestCount).toBeLessThan(20)
  })
})
