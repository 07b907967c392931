import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, runCommand } from './measure.ts'
import type { BenchRepository } from './repository.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const CLI = join('apps', 'cli', 'bin', 'qdrant-loader.js')

/** The part of a sync's report that is checked. */
interface Report {
  readonly status: string
  readonly totals: {
    readonly documents: { readonly added: number; readonly updated: number }
    readonly chunks: { readonly embedded: number }
    readonly points: { readonly upserted: number }
  }
}

/** A configuration with one repository, and the state and the embedded store that its syncs fill. */
export class Workspace {
  readonly repository: BenchRepository
  readonly #directory: string
  readonly #home: string
  readonly #checkout: string

  /**
   * @param home Home folder for the programs, so that they find nothing of the user's; its caches are shared.
   * @param checkout Whose build is started. Default: this repository's.
   */
  constructor(directory: string, home: string, repository: BenchRepository, checkout: string = ROOT) {
    this.repository = repository
    this.#checkout = checkout
    this.#directory = directory
    this.#home = home
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'qdrant-loader.yaml'), configuration(repository.directory))
  }

  /** The path of the configuration. */
  get configuration(): string {
    return join(this.#directory, 'qdrant-loader.yaml')
  }

  /** The command of a sync, as a user gives it. */
  get syncCommand(): Command {
    return this.command(['sync', '--json', '--config', this.configuration])
  }

  /** Any command line of the program. */
  command(args: readonly string[]): Command {
    return { program: process.execPath, args: [join(this.#checkout, CLI), ...args], env: this.environment }
  }

  get environment(): NodeJS.ProcessEnv {
    const { NODE_OPTIONS: _options, ...rest } = process.env
    return { ...rest, HOME: this.#home, XDG_CACHE_HOME: join(this.#home, '.cache'), GIT_CONFIG_NOSYSTEM: '1' }
  }

  /** Syncs, and makes sure that the sync did the work that is measured and no more. */
  async sync(expected: 'nothing' | 'one file' | 'everything'): Promise<void> {
    check(JSON.parse(await runCommand(this.syncCommand)) as Report, expected, this.repository.files)
  }

  /** Syncs once more with a look at the memory: the peak resident memory of the process in bytes, git's not included. */
  async peakMemory(): Promise<number> {
    const file = join(this.#directory, 'peak-memory')
    const command = this.syncCommand
    const preload = join(import.meta.dirname, 'peak-memory.cjs')
    await runCommand({
      ...command,
      args: ['--require', preload, ...command.args],
      env: { ...this.environment, BENCH_PEAK_MEMORY_FILE: file },
    })
    return Number(readFileSync(file, 'utf8')) * 1_024
  }

  /** Forgets everything that was synced. */
  reset(): void {
    for (const name of ['state', 'points.db', 'points.db-wal', 'points.db-shm']) {
      rmSync(join(this.#directory, name), { recursive: true, force: true })
    }
  }
}

// One configuration as `init` writes it, with every default, but for the embedder.
function configuration(repository: string): string {
  return `global:
  embedding: { provider: hash }
  embedded: { path: ./points.db }
  state_management: { database_path: ./state/state.db }
sources:
  git:
    bench: { base_url: ${JSON.stringify(repository)}, branch: main }
`
}

function check({ status, totals }: Report, expected: 'nothing' | 'one file' | 'everything', files: number): void {
  const { added, updated } = totals.documents
  const wanted = { nothing: [0, 0], 'one file': [0, 1], everything: [files, 0] }[expected]
  const right = status === 'succeeded' && added === wanted[0] && updated === wanted[1]
  const idle = totals.chunks.embedded === 0 && totals.points.upserted === 0
  if (!right || (expected === 'nothing') !== idle) {
    throw new Error(`a sync that should have found ${expected} reports ${JSON.stringify({ status, totals })}`)
  }
}
