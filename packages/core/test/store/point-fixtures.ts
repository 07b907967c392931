import { createHash } from 'node:crypto'
import type { CollectionSpec, Point, PointPayload } from '../../src/store/vector-store.ts'

const DIMENSIONS = 8
export const live: AbortSignal = new AbortController().signal

/** What a test says of a point; the rest follows from its name. */
export interface PointSketch extends Partial<PointPayload> {
  readonly vector?: Float32Array
}

export function specOf(embeddingFingerprint = 'model-a', dimensions = DIMENSIONS): CollectionSpec {
  return { embeddingFingerprint, dimensions: () => Promise.resolve(dimensions) }
}

/** A UUID that is a function of the name. */
export function idOf(name: string): string {
  const hex = createHash('sha1').update(name).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}

/** A vector of length 1 that is a function of the name. */
export function vectorOf(name: string, dimensions = DIMENSIONS): Float32Array {
  const bytes = createHash('shake256', { outputLength: dimensions * 2 }).update(name).digest()
  return unit(Array.from({ length: dimensions }, (_, index) => bytes.readInt16LE(index * 2) / 32_768 + 1e-9))
}

/** Scaled to length 1. */
export function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / length)
}

export function payloadOf(name: string, changes: Partial<PointPayload> = {}): PointPayload {
  return {
    content: `content of ${name}`,
    title: `Title of ${name}`,
    url: `https://example.org/${name}`,
    project_id: 'default',
    source_type: 'git',
    source: 'docs',
    document_id: `${name}.md`,
    chunk_index: 0,
    chunk_count: 1,
    heading_path: ['Guide', name],
    content_type: 'text/markdown',
    created_at: '2026-01-02T03:04:05.000Z',
    updated_at: null,
    metadata: { title: `Title of ${name}`, url: `https://example.org/${name}`, source: 'docs', tags: ['a', 'b'] },
    _sync: { run: 'r1' },
    ...changes,
  }
}

export function pointOf(name: string, { vector, ...payload }: PointSketch = {}): Point {
  return { id: idOf(name), vector: vector ?? vectorOf(name), payload: payloadOf(name, payload) }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
