import type { Logger } from '@qdrant-loader/connector-sdk'
import type { SecretVault } from '@qdrant-loader/core/secrets'
import type { Log } from './output/log.ts'
import type { Paint } from './output/paint.ts'
import type { StandardOutput } from './output/standard-output.ts'
import type { Terminal } from './output/terminal.ts'

/** The surroundings of the process, so that nothing else reads globals. */
export interface Host {
  readonly argv: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Absolute. */
  readonly cwd: string
  readonly now: () => number
  /** Asks the person at the terminal; absent where there is nobody to ask. */
  readonly ask?: (question: string, signal: AbortSignal) => Promise<string>
  /**
   * From now on a signal also ends the process when JavaScript is busy and cannot take it. It costs a thread, once;
   * called when there is something to read.
   */
  readonly watchSignals?: () => void
  /** Of the user; undefined where there are none (Windows), and then nobody's files are refused. */
  readonly uid?: number | undefined
}

/** Flags as parsed, by name. */
export type ParsedFlags = Readonly<Record<string, boolean | number | string | undefined>>

/** What a command works with. */
export interface CommandContext<Flags = ParsedFlags> {
  readonly flags: Flags
  /** The words after the command's name, joined; empty where it takes none. */
  readonly operand: string
  readonly host: Host
  readonly stdout: StandardOutput
  readonly stderr: StandardOutput
  /** Facts of standard output. */
  readonly terminal: Terminal
  /** Facts of standard error, where progress is shown. */
  readonly errorTerminal: Terminal
  readonly paint: Paint
  readonly log: Log
  readonly logger: Logger
  /** Every secret of the configuration, once it was read. */
  readonly vault: SecretVault
  /** With `--json` nothing but the report goes to standard output, and `run` prints that. */
  readonly json: boolean
  /** Text for a person on standard output, redacted; nothing with `--json`. */
  readonly print: (text: string) => Promise<void>
  /** Text for a person on standard error, redacted, also with `--json`. */
  readonly warn: (text: string) => Promise<void>
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
}

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number
  /** What `--json` prints. Undefined for the commands whose output is data already (`export`). */
  readonly report?: object
  /** What is said when a signal ended it. */
  readonly stopped?: string
}
