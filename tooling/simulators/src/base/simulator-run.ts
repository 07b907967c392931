import type { AnyServer } from './fault-commands.ts'
import type { HandCommand } from './hand-commands.ts'

/** What `src/<name>/run.ts` exports: `pnpm sim <name>` is dispatched to it. */
export interface SimulatorRun {
  /** One line for `pnpm sim` without words: `pnpm sim site [--port N]`. */
  readonly usage: string
  /** Starts the simulator with the words after its name. Throws with a message for the user when they make no sense. */
  run(words: readonly string[]): Promise<RunningSimulator>
}

/** A simulator that listens. */
export interface RunningSimulator {
  readonly server: AnyServer
  /** A configuration that reads it, printed to standard error. */
  readonly configuration?: string
  /** Besides what can be done to every server. Read from the terminal, a line each. */
  readonly commands?: readonly HandCommand[]
}
