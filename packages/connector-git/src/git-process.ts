import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { LoaderError } from '@qdrant-loader/connector-sdk'

/** How git ended when it did not succeed. `stderr` is redacted. */
export class GitFailure extends Error {
  readonly exitCode: number | null
  readonly stderr: string

  constructor(command: string, exitCode: number | null, stderr: string) {
    super(`git ${command} ended with ${exitCode ?? 'a signal'}: ${stderr}`)
    this.name = 'GitFailure'
    this.exitCode = exitCode
    this.stderr = stderr
  }
}

/** What one git needs to be started. */
export interface GitDeps {
  readonly environment: Readonly<Record<string, string>>
  readonly redact: (text: string) => string
}

/** Windows has no process groups. */
const OWN_GROUP = process.platform !== 'win32'
const STDERR_LIMIT = 16_384
/** Hooks, file monitors and the like of a user's configuration must not run on our behalf. */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'protocol.ext.allow=never', 'gc.autoDetach=false', 'core.quotePath=false']

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

  /** The whole standard output. For answers that are known to be small. */
  async run(args: readonly string[], signal: AbortSignal, input?: Buffer | string): Promise<Buffer> {
    const chunks: Buffer[] = []
    for await (const chunk of this.stream(args, signal, input)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  /** Standard output as it comes. Ends the process when the reader stops. @throws GitFailure, or the signal's reason. */
  async *stream(args: readonly string[], signal: AbortSignal, input?: Buffer | string): AsyncGenerator<Buffer> {
    signal.throwIfAborted()
    const child = this.start(args)
    const ended = endOf(child)
    const stop = () => killGit(child)
    signal.addEventListener('abort', stop, { once: true })
    // A git that fails early closes its input; what it has to say is in its exit status.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer
      const { code, stderr } = await ended
      signal.throwIfAborted()
      if (code !== 0) throw new GitFailure(args[0] ?? '', code, this.#deps.redact(stderr))
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
  start(args: readonly string[]): ChildProcessWithoutNullStreams {
    const where = this.#gitDir === undefined ? [] : [`--git-dir=${this.#gitDir}`]
    const settings = SETTINGS.flatMap((setting) => ['-c', setting])
    return spawn('git', [...where, ...settings, ...args], {
      env: this.#deps.environment,
      stdio: 'pipe',
      windowsHide: true,
      detached: OWN_GROUP,
    })
  }
}

/**
 * Ends a git and the programs it started: the one that talks to the network does not notice that git is gone while it
 * waits for a server.
 */
export function killGit(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (!OWN_GROUP) return void child.kill()
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<{ readonly code: number | null; readonly stderr: string }> {
  let stderr = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LIMIT)
  })
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? gitMissing(error) : error))
    child.once('close', (code) => resolve({ code, stderr }))
  })
  ended.catch(() => undefined)
  return ended
}

function gitMissing(cause: unknown): LoaderError {
  return new LoaderError({
    code: 'git_missing',
    kind: 'config',
    message: 'The git program was not found',
    hint: 'Install Git 2.31 or newer (https://git-scm.com) and make sure that `git` is on the PATH.',
    cause,
  })
}
