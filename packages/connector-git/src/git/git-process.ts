import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { gitError } from '../codes.ts'
import { GitOutput } from './git-output.ts'
import { HttpTrace } from './http-trace.ts'
import type { HttpAnswer } from './http-trace.ts'
import { memoryLimited } from './memory-limit.ts'

/** How git ended when it did not succeed. `stderr` is redacted. */
export class GitFailure extends Error {
  readonly exitCode: number | null
  readonly stderr: string
  /** What an http or https server answered to the conversation that failed, in order. */
  readonly answers: readonly HttpAnswer[]

  constructor(command: string, exitCode: number | null, stderr: string, answers: readonly HttpAnswer[] = []) {
    super(`git ${command} ended with ${exitCode ?? 'a signal'}: ${stderr}`)
    this.name = 'GitFailure'
    this.exitCode = exitCode
    this.stderr = stderr
    this.answers = answers
  }
}

/** What git needs to be started. */
export interface GitDeps {
  readonly environment: Readonly<Record<string, string>>
  readonly redact: (text: string) => string
  /** A folder of ours. Git looks for no repository in it or above it. */
  readonly directory: string
}

/** How one git is started. */
export interface GitStart {
  readonly input?: Buffer | string | undefined
  /** Settings for this one command, as `key=value`. */
  readonly config?: readonly string[] | undefined
  /** Lines of progress as they come; git is asked for them by `--progress` in the arguments. */
  readonly onProgress?: ((line: string) => void) | undefined
  /** Listens to what http servers answer: headers, or bodies too. */
  readonly trace?: 'headers' | 'bodies' | undefined
  /** It works on what a repository says, which may expand without end. How many files it may have: see {@link memoryLimited}. */
  readonly maxFiles?: number | undefined
}

/** What came of a conversation with a remote. */
export interface Conversation {
  readonly output: Buffer
  readonly stderr: string
  readonly answers: readonly HttpAnswer[]
}

/** A git that was started, with its three streams. */
export type GitChild = ChildProcess & { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

/** Windows has no process groups, and hands on no further descriptors. */
const IS_POSIX = process.platform !== 'win32'
const TRACE_DESCRIPTOR = 3
/** Hooks, file monitors and the like of a user's configuration must not run on our behalf. */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'gc.autoDetach=false',
  'maintenance.autoDetach=false',
  'core.quotePath=false',
  'transfer.bundleURI=false',
]

/** Starts git programs on one repository, without a shell. */
export class Git {
  readonly #deps: GitDeps
  readonly #gitDir: string | undefined

  constructor(deps: GitDeps, gitDir?: string) {
    this.#deps = deps
    this.#gitDir = gitDir
  }

  /** The same git on another repository. */
  at(gitDir: string): Git {
    return new Git(this.#deps, gitDir)
  }

  /** The same git with another variable in its environment. */
  with(environment: Readonly<Record<string, string>>): Git {
    return new Git({ ...this.#deps, environment: { ...this.#deps.environment, ...environment } }, this.#gitDir)
  }

  /** The repository that it works on. */
  get directory(): string | undefined {
    return this.#gitDir
  }

  /** Names the program that this git starts, for what is asked of it once only. */
  get program(): string {
    return this.#deps.environment['PATH'] ?? ''
  }

  /** Standard error of a git, redacted. */
  output(child: GitChild, onProgress?: (line: string) => void): GitOutput {
    const output = new GitOutput(this.#deps.redact, onProgress)
    child.stderr.setEncoding('utf8').on('data', (text: string) => output.take(text))
    return output
  }

  /** The whole standard output. For answers that are known to be small. */
  async run(args: readonly string[], signal: AbortSignal, input?: Buffer | string): Promise<Buffer> {
    return (await this.talk(args, signal, { input })).output
  }

  /** Standard output as it comes. Ends the process when the reader stops. @throws GitFailure, or the signal's reason. */
  stream(args: readonly string[], signal: AbortSignal, start: GitStart = {}): AsyncGenerator<Buffer> {
    return this.#stream(args, signal, start, new HttpTrace())
  }

  /** As {@link run}, with everything that was said on the way. */
  async talk(args: readonly string[], signal: AbortSignal, start: GitStart = {}): Promise<Conversation> {
    const trace = new HttpTrace()
    const chunks: Buffer[] = []
    let stderr = ''
    for await (const chunk of this.#stream(args, signal, start, trace, (text) => (stderr = text))) chunks.push(chunk)
    return { output: Buffer.concat(chunks), stderr, answers: trace.answers }
  }

  async *#stream(
    args: readonly string[],
    signal: AbortSignal,
    start: GitStart,
    trace: HttpTrace,
    said?: (stderr: string) => void,
  ): AsyncGenerator<Buffer> {
    signal.throwIfAborted()
    const child = this.start(args, start)
    const output = this.output(child, start.onProgress)
    const ended = endOf(child)
    const heard = listen(child, trace)
    const stop = () => killGit(child)
    signal.addEventListener('abort', stop, { once: true })
    // A git that fails early closes its input; what it has to say is in its exit status.
    child.stdin.on('error', () => undefined)
    child.stdin.end(start.input)
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer
      const code = await ended
      await heard
      signal.throwIfAborted()
      if (code !== 0) throw new GitFailure(args[0] ?? '', code, output.text, trace.answers)
      said?.(output.text)
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
      killGit(child)
      child.stdout.destroy()
      await ended.catch(() => undefined)
    }
  }

  /** A process for a longer conversation. The caller ends it. */
  start(args: readonly string[], { trace, maxFiles, config = [] }: GitStart = {}): GitChild {
    const where = this.#gitDir === undefined ? [] : [`--git-dir=${this.#gitDir}`]
    const settings = [...SETTINGS, ...config].flatMap((setting) => ['-c', setting])
    const all = [...where, ...settings, ...args]
    const { program, args: programArgs } = maxFiles !== undefined ? memoryLimited('git', all, maxFiles) : { program: 'git', args: all }
    const traced = trace !== undefined && IS_POSIX
    const environment = traced ? { ...this.#deps.environment, ...traceVariables(trace) } : this.#deps.environment
    return spawn(program, programArgs, {
      cwd: this.#deps.directory,
      env: environment,
      stdio: traced ? ['pipe', 'pipe', 'pipe', 'pipe'] : 'pipe',
      windowsHide: true,
      detached: IS_POSIX,
    }) as GitChild
  }
}

function traceVariables(trace: 'headers' | 'bodies'): Record<string, string> {
  return {
    GIT_TRACE_CURL: String(TRACE_DESCRIPTOR),
    GIT_TRACE_REDACT: '1',
    ...(trace === 'headers' && { GIT_TRACE_CURL_NO_DATA: '1' }),
  }
}

/** Reads the trace while git runs, and to its end. */
async function listen(child: GitChild, trace: HttpTrace): Promise<void> {
  const stream = child.stdio[TRACE_DESCRIPTOR] as Readable | null | undefined
  if (stream === undefined || stream === null) return
  await new Promise<void>((resolve) => {
    stream.setEncoding('latin1').on('data', (text: string) => trace.take(text))
    stream.once('error', () => resolve()).once('close', () => resolve())
  })
}

/**
 * Ends a git and the programs it started: the one that talks to the network does not notice that git is gone while it
 * waits for a server.
 */
export function killGit(child: GitChild): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (!IS_POSIX) return void child.kill()
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function endOf(child: GitChild): Promise<number | null> {
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? gitError('git_missing', {}, { cause: error }) : error))
    child.once('close', (code) => resolve(code))
  })
  ended.catch(() => undefined)
  return ended
}
