import type { ConnectorContext } from './connector-context.ts'
import type { Json } from './json.ts'
import type { OpenedSource } from './opened-source.ts'
import type { Schema } from './schema.ts'

/** What a connector can do; the conformance suite tests presence and honest absence. */
export interface ConnectorCapabilities {
  /** `location`: a document's id is where it is, so a move is a `move` change. `stable`: ids survive moves. */
  readonly identity: 'location' | 'stable'
  /** The detector answers `judge`. */
  readonly judges: boolean
  /** Detections name deletions by themselves (`delete` changes), so that no sweep is needed to see them. */
  readonly reportsDeletions: boolean
}

/** Values whose change makes earlier results stale. Hashed by the host; secrets and paces do not belong in them. */
export interface ConnectorFingerprints {
  /** What decides which documents are selected. A change makes the next detection full. */
  readonly selection: Json
  /** What decides the text of a document, with a version of the extracting code. A change re-reads every document. */
  readonly extraction: Json
}

/** The one export of a connector package that the host loads (its default export, or one named `connector`). */
export interface ConnectorPlugin<Config = unknown, Cursor = unknown> {
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
   * other sources use stays. Absent: nothing in the cache folder belongs to one source.
   */
  forget?(context: Pick<ConnectorContext, 'project' | 'source' | 'cacheDirectory'>, signal: AbortSignal): Promise<void>
}

/** Types a connector and marks it as one. */
export function defineConnector<Config, Cursor>(plugin: ConnectorPlugin<Config, Cursor>): ConnectorPlugin<Config, Cursor> {
  return plugin
}
