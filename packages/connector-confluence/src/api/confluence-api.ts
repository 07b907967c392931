import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import type { PartCall, ServerHealth } from '@qdrant-loader/http'
import type { Head, Person } from '../site/head.ts'
import type { ContentKind } from './cql.ts'

/** A space that these credentials can read. */
export interface Space {
  /** As the server writes it. */
  readonly key: string
  readonly name: string
  /** Cloud only: routes of version 2 ask for it. */
  readonly id: string
}

/** Who the server takes us for. */
export type Identity = { readonly name: string } | 'anonymous'

/** What a query for changes says of one piece of content. */
export interface Found {
  readonly head: Head
  /** `current`, `archived`, `trashed`, `draft`, …: CQL cannot be told which to return. */
  readonly status: string
}

/** The state of a piece of content that a listing did not show, where it can be seen at all. */
export interface Whereabouts {
  readonly status: string
  /** Key of its space; undefined where that cannot be told (a space that is not configured). */
  readonly space: string | undefined
}

/** A body, with what the server said beside it: it may be newer than the head that asked for it. */
export interface Body {
  readonly storage: string
  readonly title: string
  readonly version: number
  readonly updated: string | undefined
  readonly editor: Person | undefined
}

/** Bodies that are asked for at once: few enough that the largest pages stay below the limit of an answer. */
export const MOST_BODIES = 50

/** What a body is asked for with. */
export type BodyRequest = Pick<Head, 'id' | 'kind' | 'place' | 'version'>

/** The kinds that stand on their own. */
export type PageKind = Exclude<ContentKind, 'comment'>

/** A current page or blog post that was looked up. */
export interface FoundPage {
  readonly id: string
  readonly kind: PageKind
  readonly version: number
  /** Key of its space; undefined where that cannot be told. */
  readonly space: string | undefined
}

/** With the name that others include it by. */
export interface NamedPage extends FoundPage {
  readonly title: string
}

/** Heads as the database has them now. */
export interface Refreshed {
  readonly heads: readonly Head[]
  /**
   * Ids of pages whose ancestors are not all known: one of them was put away while it was asked about, or cannot be
   * seen. Whether such a page is below a certain other one cannot be told.
   */
  readonly unplaced: ReadonlySet<string>
}

/** A row of a listing that makes each answer fail that holds it. The others were read. */
export interface BrokenRow {
  /** Key of its space. */
  readonly space: string
  readonly kind: ContentKind
  /** Undefined where nothing tells which one it is. */
  readonly id: string | undefined
  readonly title: string | undefined
  readonly error: LoaderError
}

/** What a listing showed. */
export interface Listed extends Refreshed {
  /** Keys of spaces that refused to be listed; nothing of them is among the heads. */
  readonly refused: readonly string[]
  readonly broken: readonly BrokenRow[]
  /** Ids of heads that were found another way, since the listing fails with them: their texts may do the same. */
  readonly suspects: readonly string[]
  /** Keys of spaces of which more may be there than was shown, beside rows without a name. */
  readonly inPart: readonly string[]
}

/** The comments that were found, and those that make answers fail. */
export type ListedComments = Pick<Listed, 'heads' | 'broken'>

/** Told each page of results; true ends the walk. */
export type Enough = (found: readonly Found[]) => Promise<boolean>

/**
 * What the connector asks of a Confluence, in the words of the connector. Cloud and Data Center answer with different
 * routes. All methods throw LoaderErrors; a listing that is not complete throws and never returns less.
 */
export interface ConfluenceApi {
  /** Of the server, shared by everything that asks it. */
  readonly health: ServerHealth
  /** The server's clock at its last answer, in milliseconds since the epoch; undefined before the first that told it. */
  readonly clock: number | undefined
  identity(signal: AbortSignal): Promise<Identity>
  /** The readable ones of these spaces. */
  spaces(keys: readonly string[], signal: AbortSignal): Promise<readonly Space[]>
  /**
   * What a query finds in the search index, in its order.
   *
   * @throws LoaderError `confluence_row_unreadable`, transient, when one of the rows makes answers fail.
   */
  search(cql: string, signal: AbortSignal, enough?: Enough): Promise<readonly Found[]>
  /** What is found of these ids, of archived spaces as well, with what a listing would show. What cannot be shown is left out. */
  found(ids: readonly string[], signal: AbortSignal): Promise<readonly Found[]>
  /** All current pages and blog posts of these spaces, from the database. */
  list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed>
  /** Whether any current page of a space is shown; false also where it refuses to be listed. */
  showsPages(space: Space, kinds: readonly PageKind[], signal: AbortSignal): Promise<boolean>
  /** All comments of these spaces, from the search index. */
  comments(spaces: readonly string[], signal: AbortSignal): Promise<ListedComments>
  /** The same heads as a listing would give them now; what is no longer current is left out. */
  refreshed(heads: readonly Head[], spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed>
  /**
   * Bodies in storage format, of {@link MOST_BODIES} at most; what cannot be seen is left out. A page that is shown
   * without its body is an error in its place.
   */
  bodies(heads: readonly BodyRequest[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>>
  /** Where pages and blog posts are, in bulk, whatever their status; what cannot be seen is left out. */
  whereabouts(ids: readonly string[], spaces: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Whereabouts>>
  /** The status of a comment; undefined for one that is not there, `not shown` for one that makes answers fail. */
  commentStatus(id: string, place: Head['place'], signal: AbortSignal): Promise<string | undefined>
  /** A current page by space and title, from the database; undefined where the reference names no space. */
  findPage(page: PageReference, signal: AbortSignal): Promise<FoundPage | undefined>
  /** Current pages and blog posts by id, in bulk, from the database; what cannot be seen is left out. An error for what makes answers fail. */
  currentPages(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, NamedPage | LoaderError>>
  /** Whether this account may not ask for the names of people. Names are those that contents come with. */
  readonly namesRefused: boolean
  /** Display names by id of a person ({@link Person}); unknown people are left out. */
  names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>
}
