import { readFileSync, writeSync } from 'node:fs'
import { ASKING } from './command-line/asking.ts'

/** The version in the package's package.json, which lies beside both `src` and `dist`. */
export const version: string = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}

/** Whether a command line (without `node` and the program) asks for the version, whatever else it says. */
export function asksVersion(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return argv[0] !== ASKING && (flags.includes('--version') || flags.includes('-v'))
}

/** Prints the version. A reader that went away is no error. */
export function sayVersion(): void {
  try {
    writeSync(1, `${version}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}
