import { describe, expect, it } from 'vitest'
import { collect, idOf, live, pointOf } from './point-fixtures.ts'
import type { StoreBench } from './store-bench.ts'

const nothing = { vector: false, payload: false }

/** The part of the contract that is about reading. */
export function describeStoreReads(bench: StoreBench): void {
  describe('reading', () => {
    it('retrieves what is there, with what was asked for', async () => {
      const store = await bench.open()
      const point = pointOf('a')
      await store.upsert([point], live)
      const ids = [idOf('missing'), point.id]
      expect(await store.retrieve(ids, { vector: true, payload: true }, live)).toEqual([point])
      expect(await store.retrieve(ids, { vector: true, payload: false }, live)).toEqual([
        { id: point.id, vector: point.vector },
      ])
      expect(await store.retrieve(ids, { vector: false, payload: true }, live)).toEqual([
        { id: point.id, payload: point.payload },
      ])
      expect(await store.retrieve(ids, nothing, live)).toEqual([{ id: point.id }])
    })

    it('scrolls by ascending id over many pages', async () => {
      const store = await bench.open()
      const points = Array.from({ length: 1_300 }, (_, index) => pointOf(`s${index}`, { source: index % 2 ? 'odd' : 'even' }))
      await store.upsert(points, live)
      const ids = points.map(({ id }) => id).sort()
      expect((await collect(store.scroll({}, nothing, live))).map(({ id }) => id)).toEqual(ids)
      const odd = await collect(store.scroll({ source: 'odd' }, { vector: true, payload: true }, live))
      expect(odd).toHaveLength(650)
      expect(odd.map(({ id }) => id)).toEqual(odd.map(({ id }) => id).sort())
      expect(new Set(odd.map(({ payload }) => payload?.source))).toEqual(new Set(['odd']))
    })

    it('lets timers and signals have their turn while it scrolls', async () => {
      const store = await bench.open()
      await store.upsert(Array.from({ length: 600 }, (_, index) => pointOf(`t${index}`)), live)
      let turned = false
      setImmediate(() => (turned = true))
      await collect(store.scroll({}, nothing, live))
      expect(turned).toBe(true)
    })

    it('scrolls over nothing', async () => {
      const store = await bench.open()
      expect(await collect(store.scroll({}, nothing, live))).toEqual([])
      await store.upsert([pointOf('a')], live)
      expect(await collect(store.scroll({ source: 'none' }, nothing, live))).toEqual([])
    })

    it('goes on scrolling while points are deleted', async () => {
      const store = await bench.open()
      const points = Array.from({ length: 600 }, (_, index) => pointOf(`d${index}`))
      await store.upsert(points, live)
      const seen: string[] = []
      for await (const { id } of store.scroll({}, nothing, live)) {
        seen.push(id)
        if (seen.length === 10) await store.delete(points.map((point) => point.id).filter((other) => other !== id), live)
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(await store.count({}, live)).toBe(1)
    })

    it('stops scrolling when the reader stops', async () => {
      const store = await bench.open()
      await store.upsert(Array.from({ length: 300 }, (_, index) => pointOf(`e${index}`)), live)
      for await (const _ of store.scroll({}, nothing, live)) break
      await store.upsert([pointOf('after')], live)
      expect(await store.count({}, live)).toBe(301)
    })

    it('counts by every field and by several', async () => {
      const store = await bench.open()
      const same = { document_id: 'README.md' }
      await store.upsert(
        [
          pointOf('1', { ...same, project_id: 'p1', source: 's1' }),
          pointOf('2', { ...same, project_id: 'p1', source: 's2' }),
          pointOf('3', { ...same, project_id: 'p2', source: 's1' }),
          pointOf('4', { ...same, project_id: 'p2', source: 's1', source_type: 'jira' }),
        ],
        live,
      )
      expect(await store.count({}, live)).toBe(4)
      expect(await store.count({ project_id: 'p1' }, live)).toBe(2)
      expect(await store.count({ source_type: 'jira' }, live)).toBe(1)
      expect(await store.count({ source: 's1' }, live)).toBe(3)
      expect(await store.count(same, live)).toBe(4)
      expect(await store.count({ project_id: 'p2', source_type: 'git', source: 's1', ...same }, live)).toBe(1)
      expect(await store.count({ project_id: 'p' }, live)).toBe(0)
      const bySource = await store.countBySource({}, live)
      const lines = bySource.map((one) => `${one.project_id}/${one.source_type}/${one.source} ${one.points}`)
      expect(lines.sort()).toEqual(['p1/git/s1 1', 'p1/git/s2 1', 'p2/git/s1 1', 'p2/jira/s1 1'])
      expect(await store.countBySource({ project_id: 'p2', source_type: 'jira' }, live)).toEqual([
        { project_id: 'p2', source_type: 'jira', source: 's1', points: 1 },
      ])
      expect(await store.countBySource({ source: 'none' }, live)).toEqual([])
      const [only] = await collect(store.scroll({ project_id: 'p1', source: 's2' }, nothing, live))
      expect(only?.id).toBe(idOf('2'))
    })
  })
}
