import type { SearchHit } from './vector-store.ts'

/** The constant of the method (Cormack, Clarke and Büttcher, SIGIR 2009): how much the first ranks stand out. */
const K = 60

/**
 * Merges ranked lists into one: each list adds 1 / (60 + rank) to the score of what it names. Ties are broken by id,
 * so that the same lists always give the same answer.
 */
export function fuseByReciprocalRank(lists: ReadonlyArray<readonly SearchHit[]>, limit: number): SearchHit[] {
  const merged = new Map<string, SearchHit>()
  for (const list of lists) {
    for (const [index, hit] of list.entries()) {
      const score = (merged.get(hit.id)?.score ?? 0) + 1 / (K + index + 1)
      merged.set(hit.id, { ...hit, score })
    }
  }
  return [...merged.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, limit)
}
