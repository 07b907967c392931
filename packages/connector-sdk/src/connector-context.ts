import type { Logger } from './logger.ts'
import type { ProxySettings } from './proxy-settings.ts'
import type { RetryPolicy } from './retry-policy.ts'

/** What the host gives to `ConnectorPlugin.open`. */
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
