import { describe, expect, it } from 'vitest'
import { collect, idOf, live, payloadOf, pointOf, specOf, unit, vectorOf } from './point-fixtures.ts'
import type { StoreBench } from './store-bench.ts'

/** The part of the contract that is about writing, and about what payloads hold. */
export function describeStoreWrites(bench: StoreBench): void {
  describePayloads(bench)
  describe('writing', () => {
    it('replaces whole points', async () => {
      const store = await bench.open()
      await store.upsert([pointOf('a', { metadata: { old: true } }), pointOf('b')], live)
      const next = pointOf('a', { vector: vectorOf('other'), content: 'new', metadata: { new: 1 } })
      await store.upsert([next], live)
      await store.upsert([next], live)
      expect(await store.retrieve([next.id], { vector: true, payload: true }, live)).toEqual([next])
      expect(await store.count({}, live)).toBe(2)
    })

    it('gives back the vectors bit by bit', async () => {
      const store = await bench.open()
      const points = Array.from({ length: 50 }, (_, index) => pointOf(`v${index}`))
      points.push(pointOf('tiny', { vector: unit([1, 1e-7, -1e-20, 3e-39, 0, 0.1, -0.3, 1 / 3]) }))
      await store.upsert(points, live)
      for await (const { id, vector } of store.scroll({}, { vector: true, payload: false }, live)) {
        const written = points.find((point) => point.id === id)
        expect([...(vector ?? [])]).toEqual([...(written?.vector ?? [])])
      }
    })

    it('takes the last of several versions of one point', async () => {
      const store = await bench.open()
      await store.upsert([pointOf('a', { content: 'first' }), pointOf('a', { content: 'last' })], live)
      const [found] = await store.retrieve([idOf('a')], { vector: false, payload: true }, live)
      expect(found?.payload?.content).toBe('last')
    })

    it('replaces payloads and leaves vectors, and ignores ids that are missing', async () => {
      const store = await bench.open()
      await store.upsert([pointOf('a'), pointOf('b')], live)
      const update = (name: string) => ({ id: idOf(name), payload: payloadOf(name, { source: 'moved', metadata: {} }) })
      await store.replacePayload(['gone-1', 'a', 'gone-2', 'b', 'gone-3'].map(update), live)
      const found = await store.retrieve([idOf('a'), idOf('b')], { vector: true, payload: true }, live)
      expect(found).toHaveLength(2)
      expect(found).toContainEqual({ id: idOf('a'), vector: vectorOf('a'), payload: update('a').payload })
      expect(await store.count({}, live)).toBe(2)
      expect(await store.count({ source: 'moved' }, live)).toBe(2)
      await store.replacePayload([update('gone-4')], live)
      expect(await store.count({}, live)).toBe(2)
    })

    it('deletes by id, and ignores ids that are missing', async () => {
      const store = await bench.open()
      await store.upsert([pointOf('a'), pointOf('b'), pointOf('c')], live)
      await store.delete([idOf('a'), idOf('missing'), idOf('c')], live)
      expect((await collect(store.scroll({}, { vector: false, payload: false }, live))).map(({ id }) => id)).toEqual([idOf('b')])
    })

    it('takes more than 5,000 points in one call', async () => {
      const store = await bench.open()
      const points = Array.from({ length: 5_500 }, (_, index) => pointOf(`many-${index}`))
      await store.upsert(points, live)
      expect(await store.count({}, live)).toBe(5_500)
      const ids = points.map(({ id }) => id)
      expect(await store.retrieve(ids, { vector: false, payload: false }, live)).toHaveLength(5_500)
      await store.replacePayload(points.map(({ id, payload }) => ({ id, payload: { ...payload, chunk_count: 7 } })), live)
      await store.delete(ids.slice(1), live)
      expect(await store.count({}, live)).toBe(1)
    })

    it('sends nothing for nothing', async () => {
      const store = await bench.open()
      const before = store.requests
      await store.upsert([], live)
      await store.replacePayload([], live)
      await store.delete([], live)
      expect(await store.retrieve([], { vector: true, payload: true }, live)).toEqual([])
      expect(store.requests).toBe(before)
      await store.upsert([pointOf('a')], live)
      expect(store.requests).toBe(before + 1)
    })

    it('refuses what is no point before it writes any', async () => {
      const store = await bench.open()
      const good = pointOf('good')
      const holey = { ...pointOf('x'), vector: Float32Array.from([0, Number.NaN, 0, 0, 0, 0, 0, 1]) }
      const short = { ...pointOf('x'), vector: unit([1, 2]) }
      const unnamed = { ...pointOf('x'), id: '42' }
      await expect(store.upsert([good, holey], live)).rejects.toMatchObject({ code: 'store_vector_invalid', kind: 'config' })
      await expect(store.upsert([good, short], live)).rejects.toMatchObject({ code: 'store_dimensions_mismatch' })
      await expect(store.upsert([good, unnamed], live)).rejects.toMatchObject({ code: 'store_point_invalid' })
      expect(await store.count({}, live)).toBe(0)
    })

    it('does nothing for a signal that is aborted', async () => {
      const store = await bench.open()
      await store.upsert([pointOf('a')], live)
      const reason = new Error('stopped by the user')
      const aborted = AbortSignal.abort(reason)
      await expect(store.upsert([pointOf('b')], aborted)).rejects.toBe(reason)
      await expect(store.delete([idOf('a')], aborted)).rejects.toBe(reason)
      await expect(store.count({}, aborted)).rejects.toBe(reason)
      await expect(collect(store.scroll({}, { vector: false, payload: false }, aborted))).rejects.toBe(reason)
      await expect(bench.make().open(specOf(), aborted)).rejects.toBe(reason)
      expect(await store.count({}, live)).toBe(1)
    })

    it('shows to one store what another one wrote', async () => {
      const [one, two] = [await bench.open(), await bench.open()]
      await Promise.all([one.upsert([pointOf('a')], live), two.upsert([pointOf('b')], live)])
      expect(await one.count({}, live)).toBe(2)
      await two.delete([idOf('a')], live)
      expect(await one.retrieve([idOf('a')], { vector: false, payload: false }, live)).toEqual([])
    })
  })
}

function describePayloads(bench: StoreBench): void {
  describe('payloads', () => {
    const odd = {
      'text of every plane': 'Grüße, 世界, 👩‍👩‍👧, \u{1F600}, e\u0301, \u202Ertl',
      'a NUL and other control characters': 'before\0after\u0001\u001F\u007F\r\n\t',
      'quotes and backslashes': `' " \` \\ \\u0000 \\ud800 ''; DROP TABLE points; --`,
      'nothing': '',
      'a megabyte': 'long words and 長い言葉 '.repeat(40_000),
    }
    for (const [what, text] of Object.entries(odd)) {
      it(`keeps ${what}`, async () => {
        const store = await bench.open()
        const point = pointOf('odd', { content: text, title: text.slice(0, 100), metadata: { [text.slice(0, 50)]: [text.slice(0, 99)] } })
        await store.upsert([point], live)
        expect(await store.retrieve([point.id], { vector: false, payload: true }, live)).toEqual([
          { id: point.id, payload: point.payload },
        ])
      })
    }

    it('filters by names of every kind', async () => {
      const store = await bench.open()
      for (const name of ["it's", 'a"b', 'nul\0nul', '%', '日本語', '{"x":1}']) {
        await store.upsert([pointOf(`f-${name}`, { source: name, document_id: name })], live)
        expect(await store.count({ source: name, document_id: name }, live)).toBe(1)
      }
    })

    it('repairs text that was cut inside a character', async () => {
      const store = await bench.open()
      await store.upsert([pointOf('cut', { content: 'half \ud83d', metadata: { list: ['\ude00'] } })], live)
      const [found] = await store.retrieve([idOf('cut')], { vector: false, payload: true }, live)
      expect(found?.payload).toMatchObject({ content: 'half \ufffd', metadata: { list: ['\ufffd'] } })
    })

    it('keeps numbers', async () => {
      const store = await bench.open()
      const metadata = { big: 2 ** 64, safe: 9007199254740991, small: -1e-300, half: 0.5, huge: 1e300 }
      await store.upsert([pointOf('numbers', { metadata })], live)
      const [found] = await store.retrieve([idOf('numbers')], { vector: false, payload: true }, live)
      expect(found?.payload?.metadata).toEqual(metadata)
    })
  })
}
