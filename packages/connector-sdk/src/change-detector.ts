import type { Change, DeletionVerdict } from './change.ts'
import type { KnownDocuments } from './known-documents.ts'

/**
 * `full`: list everything. `incremental`: list what changed after `since`; `listingDue` asks for a complete listing
 * in the same pass, because the configured interval has passed. A detector that cannot go on from `since` (lost
 * base, changed selection) does a full detection by itself.
 */
export type DetectRequest<Cursor> =
  | { readonly mode: 'full'; readonly known: KnownDocuments }
  | {
      readonly mode: 'incremental'
      readonly since: Cursor
      readonly listingDue: boolean
      readonly known: KnownDocuments
    }

/** What `detect` returns: a stream of changes that ends with `complete`, or throws. An async generator is one. */
export type Detection<Cursor> = AsyncIterable<Change<Cursor>>

/** Says what changed. */
export interface ChangeDetector<Cursor> {
  /**
   * Yields changes and ends with `complete`. One that was interrupted throws: there is no way to express
   * "complete, but not really".
   */
  detect(request: DetectRequest<Cursor>, signal: AbortSignal): Detection<Cursor>
  /**
   * Asked about documents that a complete listing did not show, and about deletions that are still held.
   * `unknown` deletes nothing.
   */
  judge?(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>>
}

/** The answer about one document. An id that is missing from the answer counts as `unknown`. */
export type Presence = DeletionVerdict | 'present' | 'unknown'
