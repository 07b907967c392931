import { describe, expect, it } from 'vitest'
import type { VectorStore } from '../../src/store/vector-store.ts'
import { idOf, live, payloadOf, pointOf, unit } from './point-fixtures.ts'
import type { StoreBench } from './store-bench.ts'

const QUERY = unit([1, 0, 0, 0, 0, 0, 0, 0])

/** A vector at this cosine similarity to the query. */
function near(similarity: number): Float32Array {
  return unit([similarity, Math.sqrt(1 - similarity ** 2), 0, 0, 0, 0, 0, 0])
}

/** The part of the contract that is about searching. Stores without a mode must say so. */
export function describeStoreSearch(bench: StoreBench): void {
  describe('searching', () => {
    it('ranks by cosine similarity', async () => {
      const store = await bench.open()
      const scores = [0.1, 0.9, -0.5, 0.99, 0.5]
      await store.upsert(scores.map((score) => pointOf(`n${score}`, { vector: near(score) })), live)
      const hits = await store.search({ mode: 'vector', text: '', vector: QUERY, filter: {}, limit: 4 }, live)
      expect(hits.map(({ id }) => id)).toEqual([0.99, 0.9, 0.5, 0.1].map((score) => idOf(`n${score}`)))
      expect(hits[0]?.score).toBeCloseTo(0.99, 5)
      expect(hits[3]?.score).toBeCloseTo(0.1, 5)
      expect(hits[0]?.payload).toEqual(payloadOf('n0.99'))
    })

    it('applies the filter before the limit', async () => {
      const store = await bench.open()
      const near1 = Array.from({ length: 30 }, (_, index) => pointOf(`x${index}`, { vector: near(0.99), project_id: 'x' }))
      await store.upsert([...near1, pointOf('far', { vector: near(-0.9), project_id: 'y' })], live)
      const hits = await store.search(
        { mode: 'vector', text: '', vector: QUERY, filter: { project_id: 'y' }, limit: 3 },
        live,
      )
      expect(hits.map(({ id }) => id)).toEqual([idOf('far')])
    })

    it('finds nothing in an empty collection', async () => {
      const store = await bench.open()
      expect(await store.search({ mode: 'vector', text: '', vector: QUERY, filter: {}, limit: 3 }, live)).toEqual([])
    })

    it('refuses a query of other dimensions', async () => {
      const store = await bench.open()
      const search = store.search({ mode: 'vector', text: '', vector: unit([1, 1]), filter: {}, limit: 3 }, live)
      await expect(search).rejects.toMatchObject({ code: 'store_dimensions_mismatch' })
    })

    it('searches by keyword, or says that it cannot', async () => {
      const store = await bench.open()
      await fill(store)
      const search = store.search({ mode: 'keyword', text: 'zebra', filter: {}, limit: 5 }, live)
      if (!store.searchModes.some((mode) => mode === 'keyword')) {
        await expect(search).rejects.toMatchObject({ code: 'store_search_unsupported', kind: 'config' })
        return
      }
      expect((await search).map(({ id }) => id)).toEqual([idOf('keyword'), idOf('both')])
      const filtered = await store.search({ mode: 'keyword', text: 'zebra', filter: { source: 'z' }, limit: 5 }, live)
      expect(filtered.map(({ id }) => id)).toEqual([idOf('both')])
    })

    it('fuses both rankings, or says that it cannot', async () => {
      const store = await bench.open()
      await fill(store)
      const search = store.search({ mode: 'fused', text: 'zebra', vector: QUERY, filter: {}, limit: 2 }, live)
      if (!store.searchModes.some((mode) => mode === 'fused')) {
        await expect(search).rejects.toMatchObject({ code: 'store_search_unsupported' })
        return
      }
      // 1/62 + 1/62 beats 1/61 and a last place.
      expect((await search).map(({ id }) => id)).toEqual([idOf('both'), idOf('keyword')])
    })
  })
}

// "both" is second in either ranking, "vector" and "keyword" are first in one and far behind in the other.
async function fill(store: VectorStore): Promise<void> {
  const others = Array.from({ length: 20 }, (_, index) => pointOf(`o${index}`, { vector: near(0.3) }))
  await store.upsert(
    [
      ...others,
      pointOf('vector', { vector: near(0.99), content: 'horses and more horses' }),
      pointOf('both', { vector: near(0.9), content: 'a zebra among many other words about quite different animals', source: 'z' }),
      pointOf('keyword', { vector: near(-0.9), content: 'zebra zebra zebra' }),
    ],
    live,
  )
}
