import type { Change, DeletionVerdict } from './change.ts'
import type { DocumentStub, Scope, SourceDocument } from './document.ts'
import type { Json } from './json.ts'

/** What the host remembers of a document. */
export interface KnownDocument {
  readonly id: string
  readonly scope: Scope
  readonly contentVersion: string
  readonly metadataVersion: string
  readonly validators: Json | undefined
}

/** A look-up into the host's state; never the whole list in memory. Tombstones and staged deletions are not in it. */
export interface KnownDocuments {
  /** The document as last committed, or undefined. */
  of(id: string): Promise<KnownDocument | undefined>
  /** The same for many at once; ids that are not known are absent from the result. Use it in batches of up to 1,000. */
  ofMany(ids: readonly string[]): Promise<ReadonlyMap<string, KnownDocument>>
  /** Ids in ascending order of their UTF-8 bytes, as a stream. */
  ids(scope: Scope): AsyncIterable<string>
}

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

/** Says what changed. */
export interface ChangeDetector<Cursor> {
  /**
   * Yields changes and ends with `complete`. One that was interrupted throws: there is no way to express
   * "complete, but not really".
   */
  detect(request: DetectRequest<Cursor>, signal: AbortSignal): AsyncIterable<Change<Cursor>>
  /**
   * Asked about documents that a complete listing did not show, and about deletions that are still held.
   * `unknown` deletes nothing.
   */
  judge?(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>>
}

/** The answer about one document. An id that is missing from the answer counts as `unknown`. */
export type Presence = DeletionVerdict | 'present' | 'unknown'

/** Reads content. */
export interface Connector {
  /**
   * The document's content. `'gone'` when the source no longer has it: the host stages a deletion with an unknown
   * verdict. Called concurrently, up to the configured number of workers.
   */
  fetch(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'>
}
