import type { ConnectorContext } from './connector-context.ts'
import type { Json } from './json.ts'
import type { OpenedSource } from './opened-source.ts'
import type { Schema } from './schema.ts'

/**
 * What a connector can do. Nothing here has a default: each connector says all of it.
 *
 * The engine goes by what the detector does (the changes that it yields, the `judge` that it has), and works alike with
 * either value. The declaration is what people rely on, and what the conformance suite holds the connector to: it tests
 * that what is declared happens, and that what is not declared does not.
 */
export interface ConnectorCapabilities {
  /**
   * Whether a document keeps its id when it is renamed or moved.
   *
   * - `'location'`: the id is the place, such as a path. A rename gives another id, and the detector reports it as `move`.
   *   The engine then writes the points under the new id with the vectors that they have, embeds nothing, and does not
   *   count the old id for the guard against mass deletions.
   * - `'stable'`: the source has ids of its own, such as page numbers. A rename is an `upsert` of the same id with another
   *   `metadataVersion`, for which the engine sets payloads and reads nothing. `move` is never reported.
   *
   * A connector that declares `'location'` and reports no moves has every renamed document read again, and a renamed
   * folder may stop at the guard. One that declares `'stable'` and takes places for ids does the same, and its
   * documents lose their identity with each rename.
   *
   * @example `'location'` for files in Git, `'stable'` for issues in Jira.
   */
  readonly identity: 'location' | 'stable'
  /**
   * Whether the detector has a `judge`, which says what became of documents that a complete listing did not show.
   *
   * - `true`: the engine asks it about each such document, and deletes in the same run what it says is gone. What it
   *   answers `unknown` stays.
   * - `false`: the engine believes an absence when a second complete listing of the same scope lacks the document too. A
   *   deletion then takes two listings.
   *
   * A connector that declares `true` and has no `judge` keeps deleted documents for one listing longer than its users
   * expect. One that declares `false` and has a `judge` is asked all the same.
   *
   * @example `true` where the source answers 404 or 410 for a single document, `false` for a list of files that says
   * everything there is to say.
   */
  readonly judges: boolean
  /**
   * Whether incremental detections name deletions by themselves, as `delete` changes.
   *
   * - `true`: a deleted document is gone after the next sync. The engine stages each `delete` and applies it at the end
   *   of the run, if the guard lets it.
   * - `false`: only a complete listing shows what is gone. The engine asks for one (`listingDue`) whenever
   *   `change_detection.full_listing_interval` has passed, so a deletion is found that much later.
   *
   * The engine makes complete listings in both cases. A connector that declares `true` and misses a deletion has that
   * document answer searches until the next complete listing. One that declares `false` and yields `delete` loses
   * nothing, and promises less than it does.
   *
   * @example `true` for the difference between two commits, `false` for a search that finds what was updated.
   */
  readonly reportsDeletions: boolean
}

/** Values whose change makes earlier results stale. Hashed by the host; secrets and paces do not belong in them. */
export interface ConnectorFingerprints {
  /**
   * What decides which documents are selected. A change makes the next detection full. Left out of it, a changed
   * setting has no effect on what is already indexed until the next complete listing.
   */
  readonly selection: Json
  /**
   * What decides the text of a document, with a version of the extracting code. A change reads every document again.
   * Left out of it, a changed setting has no effect on documents that do not change.
   */
  readonly extraction: Json
}

/** The one export of a connector package that the host loads (its default export, or one named `connector`). */
export interface ConnectorPlugin<Config = unknown, Cursor = unknown> {
  /** The version of this contract. The host refuses any other (`connector_incompatible`). */
  readonly apiVersion: 1
  /** The key under `sources:`. */
  readonly type: string
  /** Validates one source's own keys; the host's keys (`change_detection`, `package`) are taken out before. */
  readonly configSchema: Schema<Config>
  /** Validates a cursor read back from the state. One that does not fit leads to a full detection. */
  readonly cursorSchema: Schema<Cursor>
  readonly capabilities: ConnectorCapabilities
  fingerprints(config: Config): ConnectorFingerprints
  /** Opens the source. Does no I/O beyond what is needed to fail early on a wrong configuration. */
  open(config: Config, context: ConnectorContext): Promise<OpenedSource<Cursor>>
  /**
   * The source was removed and may no longer be configured: lets go of what the cache folder holds for it alone. What
   * other sources use stays. Default: nothing in the cache folder belongs to one source, and nothing is done.
   */
  forget?(context: Pick<ConnectorContext, 'project' | 'source' | 'cacheDirectory'>, signal: AbortSignal): Promise<void>
}

/** Types a connector and marks it as one. */
export function defineConnector<Config, Cursor>(plugin: ConnectorPlugin<Config, Cursor>): ConnectorPlugin<Config, Cursor> {
  return plugin
}
