import type { Shortfall } from '@qdrant-loader/connector-sdk'
import type { RunCounters } from '../../state/records.ts'

/** Counters of a run that has not begun. */
export function emptyCounters(): RunCounters {
  return {
    documents: { added: 0, updated: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0, held: 0, unconfirmed: 0 },
    skipped: {},
    verdicts: {},
    shortfalls: {},
    chunks: { embedded: 0, reused: 0, unfinished: 0 },
    points: { upserted: 0, payload_updated: 0, deleted: 0 },
    requests: { source: 0, content: 0, store: 0, embedder: 0 },
  }
}

/** Adds up the counters of several sources. */
export function sumCounters(all: readonly RunCounters[]): RunCounters {
  const total = emptyCounters()
  for (const counters of all) {
    addInto(total.documents, counters.documents)
    addInto(total.chunks, counters.chunks)
    addInto(total.points, counters.points)
    addInto(total.requests, counters.requests)
    addInto(total.skipped, counters.skipped)
    addInto(total.verdicts, counters.verdicts)
    addShortfalls(total, Object.entries(counters.shortfalls).map(([reason, shortfall]) => ({ reason, ...shortfall })))
  }
  return total
}

/** Counts what a listing could not show. The first example of each reason stays. */
export function addShortfalls({ shortfalls }: Pick<RunCounters, 'shortfalls'>, found: readonly Shortfall[]): void {
  for (const { reason, count, example } of found) {
    const before = shortfalls[reason]
    shortfalls[reason] = before === undefined ? { count, example } : { count: before.count + count, example: before.example }
  }
}

function addInto<Key extends string>(total: Record<Key, number>, part: Readonly<Record<Key, number>>): void {
  for (const key of Object.keys(part) as Key[]) total[key] = (total[key] ?? 0) + part[key]
}
