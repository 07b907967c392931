import type { Logger } from '@qdrant-loader/connector-sdk'
import type { StateMigration } from './migrations/index.ts'
import type { ProcessProbe } from './process-identity.ts'

/** How a state file is opened: to be written, only to be read, or as a copy that is thrown away. */
export type StateAccess = 'write' | 'read' | 'scratch'

/** How a state file is opened. */
export interface StateManagerOptions {
  /** Absolute path. The file and its folder are created when they are not there. */
  readonly path: string
  /** Default `qdrant_loader_`. */
  readonly tablePrefix?: string
  /** `size`: reading connections besides the writer (default 5). `timeoutMs`: how long to wait for locks (30,000). */
  readonly pool?: { readonly size: number; readonly timeoutMs: number }
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly logger: Logger
  /** Takes secrets out of every message that is kept: of the history and of the failure ledger. Default: the text as it is. */
  readonly redact?: (text: string) => string
  /** Never writes, not even migrations; a file that is not there reads as an empty state. Default false. */
  readonly readOnly?: boolean
  /** False: a file of an older version is refused (`state_migration_pending`) instead of brought up to date. Default true. */
  readonly migrate?: boolean
  /** Default: the processes of this machine. */
  readonly processes?: ProcessProbe
  /** Makes the ids of lease holders. Default: random UUIDs. */
  readonly newHolder?: () => string
  /** Default: those of this version. */
  readonly migrations?: readonly StateMigration[]
}
