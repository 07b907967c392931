import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a command ended, and what it printed. */
export interface CliResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** How the command line is started. */
export interface StartOptions {
  readonly cwd: string
  /** Added to the environment of the tests; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** `sources` runs the TypeScript sources, `built` what users install. */
  readonly from: 'sources' | 'built'
  /** A shell command that ends in `exec "$@"`, to start under limits. */
  readonly shell?: string
}

/** A Qdrant server or a key in the environment of whoever runs the tests must not change what they test. */
const NO_SERVER = { QDRANT_URL: undefined, QDRANT_API_KEY: undefined, QDRANT_COLLECTION_NAME: undefined, OPENAI_API_KEY: undefined }

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const BIN = fileURLToPath(new URL('../bin/qdrant-loader.js', import.meta.url))

/** Starts a command as a user does, in a process of its own. */
export function startCli(args: readonly string[], options: StartOptions): { child: ChildProcessWithoutNullStreams; ended: Promise<CliResult> } {
  const program = options.from === 'built' ? [BIN] : ['--conditions=@qdrant-loader/source', MAIN]
  const command = [process.execPath, ...program, ...args]
  const [file = '', ...rest] = options.shell === undefined ? command : ['sh', '-c', options.shell, 'sh', ...command]
  // Set by vitest for its own workers; what users install knows no such condition.
  const env = { ...process.env, NODE_OPTIONS: undefined, CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined, ...NO_SERVER, ...options.env }
  const child = spawn(file, rest, { cwd: options.cwd, env })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text))
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, ended }
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: StartOptions): Promise<CliResult> {
  return startCli(args, options).ended
}
