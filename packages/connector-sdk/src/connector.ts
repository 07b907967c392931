import type { ChangeDetector, Connector } from './detector.ts'
import type { Json } from './json.ts'
import type { ProxySettings } from './proxy-settings.ts'
import type { RetryPolicy } from './retry-policy.ts'
import type { Schema } from './schema.ts'

/** Structured logging as the host offers it. Fields are redacted by the host; still, never pass it a secret. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** What the host gives to {@link ConnectorPlugin.open}. */
export interface ConnectorContext {
  /**
   * Names the run. Sources that are synced together share it, so that what one of them has asked a server for may serve
   * the others. Absent: the source is opened alone.
   */
  readonly run?: string | undefined
  readonly project: string
  /** The configured name of the source. */
  readonly source: string
  /** Folder of the configuration file: relative paths in the configuration are relative to it. */
  readonly configDirectory: string
  /**
   * A folder that is kept between runs, for caches that can be rebuilt (clones). Shared by all sources of this
   * connector type; created by the connector when it needs it.
   */
  readonly cacheDirectory: string
  /**
   * True under `--dry-run`: nothing that a later run relies on may change (pins, cursors beside the cache). Bringing
   * a cache up to date is allowed. What is detected and read is the same as without it, since a dry run says what the
   * next sync does.
   */
  readonly dryRun: boolean
  readonly logger: Logger
  /**
   * The text with `***` for every secret of the configuration, in whatever form a server may repeat it: as it is, in
   * base64 (also `user:token`), escaped for URLs, JSON or HTML, and cut (8 characters in a row suffice). What others
   * wrote (a body, a header, the target of a redirect, the output of a program) goes through it before it is cut or
   * gets into an error, a cursor, a reason or a log line. The host does the same once more with what it stores and
   * prints, so a connector that forgets it leaks nothing there. Ordinary content is not meant: ids and texts of
   * documents stay as they are.
   */
  readonly redact: (text: string) => string
  /** Counts requests to the source: `source` for detection and listings, `content` for document bodies. */
  readonly count: (kind: 'source' | 'content', requests?: number) => void
  /**
   * Says what is going on, for the progress display: a short phrase such as `fetching objects`. It is also a sign of
   * life: a detection that neither yields a change nor says, counts or asks anything for `change_detection.timeout`
   * counts as stalled. So say it when something came, not by a timer.
   */
  readonly progress: (activity: string) => void
  /** Milliseconds since the epoch. Use it instead of `Date.now()`. */
  readonly now: () => number
  /**
   * How often and how patiently the user wants what fails for a passing reason to be tried again. Given to `HttpClient`
   * as `retry`, or to `retrying`. What a connector throws after that is not tried again by the host.
   */
  readonly retry: RetryPolicy
  /** Through what the source is reached: `HttpClient` takes it as `proxies`. Empty where the environment names none. */
  readonly proxies: ProxySettings
}

/** A source that was opened: its detector and its connector, and the resources they share. */
export interface OpenSource<Cursor> {
  readonly detector: ChangeDetector<Cursor>
  readonly connector: Connector
  /** For `doctor`: tries to reach the source and throws a LoaderError when it cannot be used. Returns what it saw, in one line. */
  check(signal: AbortSignal): Promise<string>
  /**
   * Called once when the run is over. `committed` is the cursor that the host saved, undefined when it saved none:
   * what only older cursors need may be released.
   */
  close(committed: Cursor | undefined): Promise<void>
}

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
  open(config: Config, context: ConnectorContext): Promise<OpenSource<Cursor>>
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
