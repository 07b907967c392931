import type { ConfluenceConfig } from './config.ts'
import { OVERLAP_MS } from './cql.ts'
import type { ContentKind } from './cql.ts'
import type { ChangeWindow } from './cursor.ts'

/** A window is used again for so long, so that the numbers of results can be compared. */
const LIFETIME_MS = 48 * 3_600_000

/** Where the query for changes begins: at the window of the last run while that is not too long ago. */
export function windowStart(since: number, last: ChangeWindow | undefined): number {
  const from = Math.max(0, since - OVERLAP_MS)
  return last !== undefined && last.from <= from && from - last.from < LIFETIME_MS ? last.from : from
}

/** What the query for changes asks for. */
export function changingKinds(config: ConfluenceConfig): readonly ContentKind[] {
  return [...config.content_types, ...(config.include_comments ? (['comment'] as const) : [])]
}
