import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { EmbeddedVectorStore } from '../embedded/embedded-vector-store.ts'
import type { Point, PointPayload, StoredPoint } from '../vector-store.ts'
import { RehearsalStore } from './rehearsal-store.ts'

const SIGNAL = new AbortController().signal
const SPEC = { embeddingFingerprint: 'one', dimensions: async () => 3 }
const ALL = { vector: true, payload: true }

let folder: string
let real: EmbeddedVectorStore
let rehearsal: RehearsalStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-'))
  real = new EmbeddedVectorStore({ path: join(folder, 'points.db') })
  rehearsal = new RehearsalStore(real)
})
afterEach(async () => {
  await rehearsal.close()
  await real.close()
  rmSync(folder, { recursive: true, force: true })
})

const idOf = (number: number) => `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`

function point(number: number, more: Partial<PointPayload> = {}): Point {
  const payload: PointPayload = {
    content: `text ${number}`, title: 't', url: 'u', project_id: 'p', source_type: 'git', source: 's', document_id: `doc${number}`, chunk_index: 0,
    chunk_count: 1, heading_path: [], content_type: 'text/plain', created_at: null, updated_at: null, metadata: {}, _sync: {}, ...more,
  }
  return { id: idOf(number), vector: new Float32Array([1, 0, 0]), payload }
}

async function collect(points: AsyncIterable<StoredPoint>): Promise<[string, string | undefined][]> {
  const all: [string, string | undefined][] = []
  for await (const { id, payload } of points) all.push([id, payload?.content])
  return all
}

it('reads what is there under what was written, in the order of ids, and nothing reaches the real one', async () => {
  const opened = await real.open(SPEC, SIGNAL)
  await real.upsert([1, 3, 5, 7].map((number) => point(number)), SIGNAL)
  expect(await rehearsal.open(SPEC, SIGNAL)).toEqual({ ...opened, created: false })
  await rehearsal.upsert([point(0), point(4), point(9, { source: 'other' })])
  await rehearsal.replacePayload([{ id: idOf(3), payload: point(3, { content: 'changed' }).payload }, { id: idOf(99), payload: point(99).payload }], SIGNAL)
  await rehearsal.delete([idOf(5), idOf(100)])
  const seen = [[idOf(0), 'text 0'], [idOf(1), 'text 1'], [idOf(3), 'changed'], [idOf(4), 'text 4'], [idOf(7), 'text 7']]
  expect(await collect(rehearsal.scroll({ source: 's' }, ALL, SIGNAL))).toEqual(seen)
  expect(await rehearsal.count({}, SIGNAL)).toBe(6)
  expect(await rehearsal.countBySource({}, SIGNAL)).toEqual([
    { project_id: 'p', source_type: 'git', source: 's', points: 5 },
    { project_id: 'p', source_type: 'git', source: 'other', points: 1 },
  ])
  const retrieved = await rehearsal.retrieve([1, 3, 4, 5, 6].map(idOf), ALL, SIGNAL)
  expect(new Map(retrieved.map(({ id, payload, vector }) => [id, [payload?.content, vector?.length]]))).toEqual(
    new Map([[idOf(1), ['text 1', 3]], [idOf(3), ['changed', 3]], [idOf(4), ['text 4', 3]]]),
  )
  expect(await collect(real.scroll({}, ALL, SIGNAL))).toEqual([1, 3, 5, 7].map((number) => [idOf(number), `text ${number}`]))
})

it('keeps marks to itself', async () => {
  await real.open(SPEC, SIGNAL)
  await real.writeMark('key', 'real', SIGNAL)
  await rehearsal.open(SPEC, SIGNAL)
  expect(await rehearsal.readMark('key', SIGNAL)).toBe('real')
  await rehearsal.writeMark('key', 'rehearsed')
  expect(await rehearsal.readMark('key', SIGNAL)).toBe('rehearsed')
  expect(await real.readMark('key', SIGNAL)).toBe('real')
})

it('stands for a collection that does not exist, and makes none', async () => {
  expect(await rehearsal.open(SPEC, SIGNAL)).toMatchObject({ dimensions: 3, created: true })
  expect(await collect(rehearsal.scroll({}, ALL, SIGNAL))).toEqual([])
  expect(await rehearsal.readMark('key', SIGNAL)).toBeUndefined()
  await rehearsal.upsert([point(1)])
  expect(await collect(rehearsal.scroll({}, ALL, SIGNAL))).toEqual([[idOf(1), 'text 1']])
  expect(await real.peek(SIGNAL)).toBeUndefined()
})
