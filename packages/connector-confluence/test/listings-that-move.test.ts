import { loaderErrorOf } from '@qdrant-loader/connector-testkit'
import { expect, it } from 'vitest'
import { HOUR, MINUTE, Stage } from './stage.ts'

const LISTING = 'GET /rest/api/content'
const SEARCH = 'GET /rest/api/content/search'

/** Twelve pages and the home page, five to an answer. */
async function filled(): Promise<{ stage: Stage; ids: string[] }> {
  const stage = await Stage.open('datacenter', {}, { caps: { plain: 5, expanded: 5, bodies: 5 } })
  const ids = Array.from({ length: 12 }, (_, number) => stage.page(`Page ${number}`, `<p>${number}</p>`))
  return { stage, ids }
}

/** Does something before a request, counted from 1. */
function before(stage: Stage, route: string, count: number, act: () => void): void {
  let seen = 0
  stage.server.onRequest = (name) => {
    if (name !== route) return
    seen += 1
    if (seen === count) act()
  }
}

it('Data Center: a page that is put away during a listing hides no other one', async () => {
  const { stage, ids } = await filled()
  await using _stage = stage
  before(stage, LISTING, 2, () => stage.world.trash(ids[0] ?? ''))
  await stage.sync()
  stage.server.onRequest = undefined
  expect([...stage.host.texts.values()]).toEqual(expect.arrayContaining(ids.slice(1).map((_id, number) => String(number + 1))))
})

it('Data Center: also where rows are hidden from the account', async () => {
  const { stage, ids } = await filled()
  await using _stage = stage
  stage.world.hide(ids[1] ?? '')
  before(stage, LISTING, 2, () => stage.world.trash(ids[0] ?? ''))
  await stage.sync()
  stage.server.onRequest = undefined
  expect([...stage.host.texts.values()]).toEqual(expect.arrayContaining(ids.slice(2).map((_id, number) => String(number + 2))))
})

it('Data Center: more that is put away at once makes the listing start again', async () => {
  const { stage, ids } = await filled()
  await using _stage = stage
  before(stage, LISTING, 2, () => ids.slice(0, 3).forEach((id) => stage.world.trash(id)))
  await stage.sync()
  stage.server.onRequest = undefined
  expect([...stage.host.texts.values()].map(Number).toSorted((one, other) => one - other)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11])
})

it('Data Center: a listing that never stands still is an error, and deletes nothing', async () => {
  const { stage } = await filled()
  await using _stage = stage
  await stage.sync()
  const held = stage.host.texts.size
  let serial = 0
  stage.server.onRequest = (name) => {
    if (name !== LISTING) return
    const current = [...stage.world.contents.values()].filter(({ type, status }) => type === 'page' && status === 'current')
    for (const { id } of current.slice(1, 4)) stage.world.trash(id)
    for (let number = 0; number < 6; number += 1) stage.page(`New ${(serial += 1)}`, '<p>new</p>')
  }
  expect(await loaderErrorOf(stage.sweep())).toMatchObject({ code: 'confluence_listing_broken', kind: 'transient' })
  stage.server.onRequest = undefined
  expect(stage.host.texts.size).toBe(held)
})

it('Data Center: an edit is seen, whatever is put away while the search is walked', async () => {
  const { stage, ids } = await filled()
  await using _stage = stage
  await stage.sync()
  stage.clock.now += 3 * HOUR
  for (const id of ids) {
    stage.clock.now += MINUTE
    stage.world.edit(id, `<p>edited ${id}</p>`)
  }
  before(stage, SEARCH, 2, () => stage.world.trash(ids[11] ?? ''))
  await stage.sync()
  stage.server.onRequest = undefined
  for (const id of ids.slice(0, 11)) expect(stage.text(id)).toBe(`edited ${id}`)
})

it('Data Center: hidden rows make answers short, and lose nothing either', async () => {
  const { stage, ids } = await filled()
  await using _stage = stage
  for (const id of [ids[3], ids[4], ids[9]]) stage.world.hide(id ?? '')
  await stage.sync()
  expect(stage.host.texts.size).toBe(9)
})
