import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VectorStore } from '../../src/store/vector-store.ts'
import { describeStoreReads } from './describe-store-reads.ts'
import { describeStoreSearch } from './describe-store-search.ts'
import { describeStoreWrites } from './describe-store-writes.ts'
import { collect, live, pointOf, specOf } from './point-fixtures.ts'
import type { StoreBench } from './store-bench.ts'

/** A place for one collection, and what may happen to it from outside. */
export interface StoreWorld {
  /** A store on the same collection; many may be open at once. */
  readonly make: () => VectorStore
  /** Removes the collection, as a user may. */
  readonly drop: () => Promise<void>
  /** Called after each test, when the stores are closed: cleans up, and fails when something wrong was seen. */
  readonly end: () => Promise<void>
}

/**
 * What every vector store does, whatever it is made of. One line in a test file:
 * `describeVectorStore('embedded', startWorld)`.
 */
export function describeVectorStore(name: string, start: () => Promise<StoreWorld>): void {
  describe(name, () => {
    let world: StoreWorld
    let stores: VectorStore[]

    beforeEach(async () => {
      stores = []
      world = await start()
    })
    afterEach(async () => {
      for (const store of stores) await store.close()
      await world.end()
    })

    const bench: StoreBench = {
      make() {
        const store = world.make()
        stores.push(store)
        return store
      },
      async open() {
        const store = bench.make()
        await store.open(specOf(), live)
        return store
      },
      drop: () => world.drop(),
    }

    describeOpening(bench)
    describeMarks(bench)
    describeStoreWrites(bench)
    describeStoreReads(bench)
    describeStoreSearch(bench)
  })
}

function describeMarks(bench: StoreBench): void {
  describe('marks', () => {
    it('are kept under their keys, replaced, and seen by every store on the collection', async () => {
      const store = await bench.open()
      expect(await store.readMark('one', live)).toBeUndefined()
      await store.writeMark('one', 'first', live)
      await store.writeMark('two', 'other', live)
      await store.writeMark('one', 'second', live)
      const again = await bench.open()
      expect(await again.readMark('one', live)).toBe('second')
      expect(await again.readMark('two', live)).toBe('other')
    })

    it('are no points, and go with the collection', async () => {
      const store = await bench.open()
      await store.writeMark('one', 'first', live)
      expect(await store.count({}, live)).toBe(0)
      expect(await collect(store.scroll({}, { vector: false, payload: false }, live))).toEqual([])
      const before = await bench.make().open(specOf(), live)
      expect(before.created).toBe(false)
      await store.close()
      await bench.drop()
      expect(await (await bench.open()).readMark('one', live)).toBeUndefined()
    })
  })
}

function describeOpening(bench: StoreBench): void {
  describe('opening', () => {
    it('creates the collection once and keeps its identity', async () => {
      const first = await bench.make().open(specOf(), live)
      expect(first).toEqual({ instanceId: expect.stringMatching(/^[0-9a-f-]{36}$/), dimensions: 8, created: true })
      const again = await bench.make().open(specOf(), live)
      expect(again).toEqual({ ...first, created: false })
    })

    it('asks for the dimensions only when it creates the collection', async () => {
      await bench.open()
      const fail = (): Promise<number> => Promise.reject(new Error('the embedder was asked'))
      await bench.make().open({ embeddingFingerprint: 'model-a', dimensions: fail }, live)
    })

    it('gives a collection that was removed and made again another identity', async () => {
      const before = await bench.make().open(specOf(), live)
      await bench.drop()
      const after = await bench.make().open(specOf(), live)
      expect(after.created).toBe(true)
      expect(after.instanceId).not.toBe(before.instanceId)
    })

    it('peeks without creating', async () => {
      expect(await bench.make().peek(live)).toBeUndefined()
      expect(await bench.make().peek(live)).toBeUndefined()
      const { instanceId } = await bench.make().open(specOf(), live)
      expect(await bench.make().peek(live)).toEqual({
        instanceId,
        dimensions: 8,
        created: false,
        embeddingFingerprint: 'model-a',
      })
    })

    it('reads through a store that only peeked', async () => {
      await (await bench.open()).upsert([pointOf('a')], live)
      const store = bench.make()
      await store.peek(live)
      expect(await store.count({}, live)).toBe(1)
    })

    it('refuses another embedding and other dimensions, and keeps every point', async () => {
      const store = await bench.open()
      await store.upsert([pointOf('a')], live)
      await expect(bench.make().open(specOf('model-b'), live)).rejects.toMatchObject({
        code: 'store_embedding_mismatch',
        kind: 'config',
      })
      await expect(bench.make().open(specOf('model-c', 16), live)).rejects.toMatchObject({
        code: 'store_dimensions_mismatch',
        kind: 'config',
      })
      expect(await store.count({}, live)).toBe(1)
    })

    it('lets an empty collection change its embedding', async () => {
      const before = await bench.make().open(specOf('model-a'), live)
      const after = await bench.make().open(specOf('model-b'), live)
      expect(after.created).toBe(true)
      expect(after.instanceId).not.toBe(before.instanceId)
      expect(await bench.make().peek(live)).toMatchObject({ embeddingFingerprint: 'model-b' })
    })

    it('says what it would open without changing anything, and refuses the same', async () => {
      expect(await bench.make().openUnchanged(specOf(), live)).toBeUndefined()
      expect(await bench.make().peek(live)).toBeUndefined()
      const store = bench.make()
      const opened = await store.open(specOf(), live)
      expect(await bench.make().openUnchanged(specOf(), live)).toEqual({ ...opened, created: false })
      // Empty, it would get a new identity.
      expect(await bench.make().openUnchanged(specOf('model-b'), live)).toBeUndefined()
      expect(await bench.make().peek(live)).toMatchObject({ embeddingFingerprint: 'model-a', instanceId: opened.instanceId })
      await store.upsert([pointOf('a')], live)
      const unchanged = bench.make()
      await unchanged.openUnchanged(specOf(), live)
      expect(await unchanged.count({}, live)).toBe(1)
      for (const spec of [specOf('model-b'), specOf('model-c', 16)]) {
        const refused = async (open: Promise<unknown>): Promise<unknown> => open.catch((error: unknown) => error)
        const [unchangedly, really] = [await refused(bench.make().openUnchanged(spec, live)), await refused(bench.make().open(spec, live))]
        expect(unchangedly).toMatchObject({ kind: 'config' })
        expect(unchangedly).toEqual(really)
      }
    })

    it('says that it is not open', async () => {
      await expect(bench.make().count({}, live)).rejects.toMatchObject({ code: 'store_not_open' })
      await expect(bench.make().upsert([pointOf('a')], live)).rejects.toMatchObject({ code: 'store_not_open' })
    })

    it('opens the same new collection from two sides at once', async () => {
      const infos = await Promise.all([bench.make().open(specOf(), live), bench.make().open(specOf(), live)])
      expect(infos.map(({ dimensions }) => dimensions)).toEqual([8, 8])
      expect(await bench.make().peek(live)).toMatchObject({ embeddingFingerprint: 'model-a' })
    })
  })
}
