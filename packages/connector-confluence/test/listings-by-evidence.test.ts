import type { ConfluenceSimulatorOptions } from '@qdrant-loader/simulators'
import { describe, expect, it } from 'vitest'
import { Stage } from './stage.ts'

const LISTING = 'GET /rest/api/content'
type Positions = NonNullable<ConfluenceSimulatorOptions['positions']>

/** So many pages and the home page, of which an answer holds at most `cap`. */
async function filled(pages: number, cap: number, positions: Positions, hidden: (number: number) => boolean = () => false): Promise<Stage> {
  const stage = await Stage.open('datacenter', { content_types: 'page' }, { caps: { plain: cap, expanded: cap, bodies: cap }, positions })
  for (let number = 1; number <= pages; number += 1) {
    const id = stage.page(`Page ${number}`, `<p>${number}</p>`)
    if (hidden(number)) stage.world.hide(id)
  }
  return stage
}

function textsFrom(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index))
}

async function expectEveryRow(stage: Stage, pages: number, hidden: (number: number) => boolean = () => false): Promise<void> {
  const { listing } = await stage.sync()
  const expected = textsFrom(1, pages).filter((number) => !hidden(Number(number)))
  expect([...stage.host.texts.values()].toSorted()).toEqual(expected.toSorted())
  expect(listing).toEqual({ everythingIn: ['DEV'], configured: ['DEV'] })
  expect((await stage.sweep()).deleted).toEqual([])
}

describe('C1: a page of results that is cut below what was asked for loses no row', () => {
  const SAID: Positions[] = [{ next: 'asked', limit: 'applied' }, { next: 'asked', limit: 'asked' }, { next: 'asked', limit: 'none' }, { next: 'applied', limit: 'none' }]

  it.each(SAID)('50 of 200, 136 pages: %j', async (positions) => {
    await using stage = await filled(135, 50, positions)
    await expectEveryRow(stage, 135)
  })

  it.each(SAID)('50 of 200, 450 pages, so that links lead over the rows: %j', async (positions) => {
    await using stage = await filled(449, 50, positions)
    await stage.sync()
    expect(stage.host.texts.size).toBe(449)
    // Each page, two starts that were too far on, and what the texts take.
    expect(stage.server.requests.get(LISTING)).toBeLessThanOrEqual(15)
  })

  it.each([
    ['every third row', (number: number) => number % 3 === 0],
    ['nine of ten rows', (number: number) => number % 10 !== 0],
    ['a long stretch', (number: number) => number > 20 && number < 90],
    ['the first rows', (number: number) => number < 60],
    ['the last rows', (number: number) => number > 30],
  ])('hidden rows make answers short too, and are told apart: %s', async (_what, hidden) => {
    for (const positions of [{}, { next: 'asked', limit: 'applied' }, { next: 'applied', limit: 'none' }] satisfies Positions[]) {
      await using stage = await filled(120, 30, positions, hidden)
      await expectEveryRow(stage, 120, hidden)
    }
  })

  it('rows that move while pages are cut: none is lost', async () => {
    await using stage = await filled(60, 10, { next: 'asked', limit: 'asked' })
    const ids = [...stage.world.contents.values()].filter(({ title }) => title.startsWith('Page')).map(({ id }) => id)
    let asked = 0
    stage.server.onRequest = (route) => {
      asked += route === LISTING ? 1 : 0
      if (route === LISTING && asked === 4) for (const id of ids.slice(0, 8)) stage.world.trash(id)
    }
    await stage.sync()
    stage.server.onRequest = undefined
    expect([...stage.host.texts.values()]).toEqual(expect.arrayContaining(textsFrom(9, 60)))
  })

  it('a listing of full pages takes no request more than before', async () => {
    await using stage = await filled(449, 200, {})
    await stage.sync()
    expect(stage.server.requests.get(LISTING)).toBeLessThanOrEqual(4)
    await stage.sync()
    expect(stage.server.requestCount).toBeLessThanOrEqual(4)
  })
})

describe.each(['repeats', 'empties'] as const)('C2: links that lead on for ever (%s)', (next) => {
  it.each([49, 50, 136, 260])('%i pages: all are read, the listing ends, and is complete', async (pages) => {
    for (const limit of ['applied', 'asked'] as const) {
      await using stage = await filled(pages, 50, { next, limit, endlessOver: 40 })
      await expectEveryRow(stage, pages)
      expect(stage.server.requests.get(LISTING)).toBeLessThanOrEqual(Math.ceil(pages / 45) + 8)
    }
  })

  it('with rows that are hidden in between', async () => {
    const hidden = (number: number) => number > 40 && number < 60
    await using stage = await filled(100, 50, { next, endlessOver: 40 }, hidden)
    await expectEveryRow(stage, 100, hidden)
  })

  it('the run without a change searches no further than before', async () => {
    await using stage = await filled(60, 50, { next, endlessOver: 40 })
    await stage.sync()
    stage.clock.now += 10 * 3_600_000
    await stage.sync()
    stage.clock.now += 100 * 3_600_000
    await stage.sync()
    expect(stage.server.requestCount).toBe(2)
  })
})
