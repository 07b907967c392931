import type { DocumentStub, Scope, SkipReason, SourceDocument } from './document.ts'

/**
 * Why a document is no longer there.
 *
 * - `deleted`: the source says so (tree diff, 410, trash).
 * - `archived`: put away, still readable by other means.
 * - `hidden`: the credentials lost sight of it.
 * - `out-of-scope`: it exists, and the configuration does not select it (any more).
 */
export type DeletionVerdict = 'deleted' | 'archived' | 'hidden' | 'out-of-scope'

/**
 * One thing that a detector found out. Plain data throughout, so that batches of changes can travel.
 * When a document is named more than once, the last change counts.
 */
export type Change<Cursor> = UpsertChange | MoveChange | DeleteChange | SkipChange | CheckpointChange<Cursor> | CompleteChange<Cursor>

/** It exists at this version. */
export interface UpsertChange {
  readonly kind: 'upsert'
  readonly stub: DocumentStub
  /** Given when the listing already carried the body. Default: the document is read when its version is not known. */
  readonly document?: SourceDocument | undefined
}

/** The document known as `from` is now `stub.id`. For sources whose identity is a location. */
export interface MoveChange {
  readonly kind: 'move'
  readonly from: string
  readonly stub: DocumentStub
  /** As in {@link UpsertChange.document}. */
  readonly document?: SourceDocument | undefined
}

/** It is gone, and the source says why. */
export interface DeleteChange {
  readonly kind: 'delete'
  readonly id: string
  readonly verdict: DeletionVerdict
}

/** Something is there that is no document. Counted by reason; a document held under this id goes out of scope. */
export interface SkipChange {
  readonly kind: 'skip'
  readonly id: string
  readonly reason: SkipReason
}

/** Everything before it is covered: a later run may go on from this cursor. */
export interface CheckpointChange<Cursor> {
  readonly kind: 'checkpoint'
  readonly cursor: Cursor
}

/** The last change of every detection that was not interrupted. */
export interface CompleteChange<Cursor> {
  readonly kind: 'complete'
  readonly cursor: Cursor
  readonly listing: Listing
  /**
   * Scopes that the configuration selects and that could not be read. The others went well; the run ends as `partial`.
   * Default: none.
   */
  readonly unreadable?: readonly UnreadableScope[] | undefined
  /**
   * What the listing met and could not show, or left out. Said in every run that meets it, also an unchanged one.
   * Default: nothing.
   */
  readonly shortfalls?: readonly Shortfall[] | undefined
}

/**
 * Things of one kind that a listing could not show as documents, or left out: refused, cut off by a limit, empty. They
 * are counted and named in the report and by `status`, and fail nothing; where so much is missing that the listing does
 * not stand for the source, say so with {@link UnreadableScope} as well.
 */
export interface Shortfall {
  /** Stable, in snake case: `refused`, `max_pages`. */
  readonly reason: string
  /** How many, at least 1. */
  readonly count: number
  /** Where one of them is: a URL, a path. The same one in each run that finds the same. */
  readonly example: string
}

/**
 * Why one scope could not be read, in the words of a LoaderError. Nothing in it is deleted or added. A cursor must not
 * claim that it covers such a scope: once it can be read again, it has to be listed.
 */
export interface UnreadableScope {
  readonly scope: Scope
  /** Stable, as in {@link LoaderErrorInit.code}. */
  readonly code: string
  /** `document`: parts of it could not be read, and the rest was. */
  readonly kind: 'config' | 'auth' | 'transient' | 'document'
  readonly message: string
  readonly hint: string
}

/**
 * What a finished detection vouches for. `changes`: what changed since the cursor, no more.
 * Otherwise every document in the scopes of `everythingIn` was named, so what was not named there is absent.
 * `configured` lists every scope that the configuration selects, readable or not; documents of other scopes are
 * out of scope.
 */
export type Listing = 'changes' | { readonly everythingIn: readonly Scope[]; readonly configured: readonly Scope[] }
