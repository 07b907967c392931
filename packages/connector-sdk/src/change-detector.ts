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

/**
 * What `detect` returns: a stream of changes that ends with `complete`, or throws. An async generator is one.
 *
 * Write it as the return type (`async *detect(request, signal): Detection<MyCursor>`): TypeScript then reports a wrong
 * change where it is yielded, by the name of what is wrong. Without it the whole source is what does not fit.
 */
export type Detection<Cursor> = AsyncIterable<Change<Cursor>>

/** Says what changed. */
export interface ChangeDetector<Cursor> {
  /**
   * Yields changes and ends with `complete`. One that was interrupted throws: there is no way to express
   * "complete, but not really". Nothing is deleted then, and the cursor stays where it was.
   *
   * @example
   * A source that numbers its changes. Where it begins is read before it is listed, so that what changes meanwhile
   * belongs to the next run.
   *
   * ```ts
   * import type { Detection, DetectRequest } from '@qdrant-loader/connector-sdk'
   *
   * interface NotesCursor {
   *   readonly revision: number
   * }
   *
   * declare const server: {
   *   revision(signal: AbortSignal): Promise<number>
   *   notesSince(revision: number, signal: AbortSignal): AsyncIterable<{ id: string; revision: number; deleted: boolean; url: string }>
   * }
   *
   * export async function* detect(request: DetectRequest<NotesCursor>, signal: AbortSignal): Detection<NotesCursor> {
   *   const everything = request.mode === 'full' || request.listingDue
   *   const cursor = { revision: await server.revision(signal) }
   *   for await (const note of server.notesSince(everything ? 0 : request.since.revision, signal)) {
   *     const { id, revision, deleted, url } = note
   *     if (deleted) yield { kind: 'delete', id, verdict: 'deleted' }
   *     else yield { kind: 'upsert', stub: { id, scope: 'notes', contentVersion: String(revision), location: { url } } }
   *   }
   *   // Only a listing that was not cut short gets here; one that was has thrown.
   *   const listing = { everythingIn: ['notes'], configured: ['notes'] }
   *   yield { kind: 'complete', cursor, listing: everything ? listing : 'changes' }
   * }
   * ```
   */
  detect(request: DetectRequest<Cursor>, signal: AbortSignal): Detection<Cursor>
  /**
   * Asked about documents that a complete listing did not show, and about deletions that are still held. Only what is
   * certain may be said: `unknown`, or no answer for an id, deletes nothing. Default: see
   * `ConnectorCapabilities.judges`.
   *
   * @example
   * A source that answers 404 for what was deleted, and 403 for what these credentials may not see.
   *
   * ```ts
   * import type { Presence } from '@qdrant-loader/connector-sdk'
   *
   * declare const server: { statusOf(id: string, signal: AbortSignal): Promise<number> }
   *
   * export async function judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
   *   const verdicts = new Map<string, Presence>()
   *   for (const id of ids) {
   *     const status = await server.statusOf(id, signal)
   *     verdicts.set(id, status === 200 ? 'present' : status === 404 ? 'deleted' : status === 403 ? 'hidden' : 'unknown')
   *   }
   *   return verdicts
   * }
   * ```
   */
  judge?(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>>
}

/** The answer about one document. An id that is missing from the answer counts as `unknown`. */
export type Presence = DeletionVerdict | 'present' | 'unknown'
