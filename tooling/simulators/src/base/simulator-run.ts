/** What `src/<name>/run.ts` exports: `pnpm sim <name>` is dispatched to it. */
export interface SimulatorRun {
  /** One line for `pnpm sim` without words: `pnpm sim site [--port N]`. */
  readonly usage: string
  /** Starts the simulator with the words after its name. Throws with a message for the user when they make no sense. */
  run(words: readonly string[]): Promise<RunningSimulator>
}

/** Something that can be done by hand to a running simulator. */
export interface HandCommand {
  /** Its name, then the words it takes: `edit PAGE`. */
  readonly usage: string
  /** Returns what was done. Throws with a message for the user when the words make no sense. */
  run(words: readonly string[]): string
}

/** A simulator that listens. */
export interface RunningSimulator {
  readonly url: string
  /** A configuration that reads it, printed to standard error. */
  readonly configuration?: string
  /** Read from the terminal, a line each. */
  readonly commands?: readonly HandCommand[]
  close(): Promise<void>
}

/** A port number from the command line. */
export function portFrom(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw new Error(`not a port: ${text}`)
}
