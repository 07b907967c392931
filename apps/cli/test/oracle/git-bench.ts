import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import connector from '@qdrant-loader/connector-git'
import {
  CHUNKING_VERSION,
  chunkText,
  EmbeddedVectorStore,
  HashEmbedder,
  IncrementalIngestionService,
  type PointPayload,
  type SourceJob,
  StateManager,
  type SyncOptions,
  type SyncReport,
} from '@qdrant-loader/core'
import type { Logger } from '@qdrant-loader/connector-sdk'
import type { GitWorld } from './git-world.ts'

const SIGNAL = new AbortController().signal
const QUIET: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** A point as `export` prints it, without what is volatile. */
export interface ExportedPoint {
  readonly id: string
  readonly vector: readonly number[]
  readonly payload: Omit<PointPayload, '_sync'>
}

/** Counts what the embedder and the store are really given. */
export class Counts {
  embedded = 0
  upserted = 0
  payloads = 0
  deleted = 0
}

/** The whole path in one process, with real parts: Git connector, state, pipeline, embedded store. */
export class GitBench {
  readonly directory: string
  readonly counts = new Counts()
  readonly #config: unknown
  readonly #state: StateManager
  readonly #store: EmbeddedVectorStore
  readonly #service: IncrementalIngestionService

  private constructor(config: unknown, directory: string, state: StateManager, batchSize: number) {
    this.directory = directory
    this.#config = config
    this.#state = state
    this.#store = new EmbeddedVectorStore({ path: join(directory, 'points.db') })
    const embedder = new HashEmbedder({ dimensions: 32 })
    const { counts } = this
    this.#service = new IncrementalIngestionService({
      state,
      store: counting(this.#store, {
        upsert: (points) => (counts.upserted += points.length),
        replacePayload: (updates) => (counts.payloads += updates.length),
        delete: (ids) => (counts.deleted += ids.length),
      }),
      embedder: counting(embedder, { embed: (inputs) => (counts.embedded += inputs.length) }),
      chunkText,
      chunkingVersion: CHUNKING_VERSION,
      settings: {
        batchSize,
        batchTimeoutMs: 60_000,
        retryAttempts: 0,
        retryDelayMs: 1,
        maxWorkers: 4,
        queueSize: 32,
        documentTimeoutMs: 60_000,
        chunking: { chunkSize: 64, chunkOverlap: 0 },
      },
      metrics: { enabled: false, intervalMs: 60_000, retentionMs: 60_000 },
      logger: QUIET,
      onProgress: () => {},
      now: Date.now,
      sleep: async () => {},
    })
  }

  /** Small batches by default, so that there are several. */
  static async open(world: Pick<GitWorld, 'directory'>, config: Record<string, unknown> = {}, batchSize = 7): Promise<GitBench> {
    const directory = mkdtempSync(join(tmpdir(), 'git-bench-'))
    const state = await StateManager.open({ path: join(directory, 'state.db'), now: Date.now, logger: QUIET })
    return new GitBench({ base_url: world.directory, ...config }, directory, state, batchSize)
  }

  async sync(options: Partial<SyncOptions> = {}): Promise<SyncReport> {
    Object.assign(this.counts, new Counts())
    const parsed = await connector.configSchema['~standard'].validate(this.#config)
    if (parsed.issues !== undefined) throw new Error(JSON.stringify(parsed.issues))
    const job: SourceJob = {
      ref: { project: 'default', sourceType: 'git', source: 'world' },
      plugin: connector as SourceJob['plugin'],
      config: parsed.value,
      settings: {
        detectionTimeoutMs: 60_000,
        maxDeleteRatio: 1,
        maxDeleteCount: 1_000_000,
        fullListingIntervalMs: Number.MAX_SAFE_INTEGER,
      },
      configDirectory: this.directory,
      cacheDirectory: join(this.directory, 'cache'),
    }
    return this.#service.sync([job], { mode: 'incremental', dryRun: false, allowMassDelete: false, signal: SIGNAL, ...options })
  }

  async export(): Promise<readonly ExportedPoint[]> {
    const points: ExportedPoint[] = []
    for await (const { id, vector, payload } of this.#store.scroll({}, { vector: true, payload: true }, SIGNAL)) {
      if (payload === undefined || vector === undefined) throw new Error('a point came back incomplete')
      const { _sync, ...lasting } = payload
      points.push({ id, vector: [...vector], payload: lasting })
    }
    return points
  }

  async close(): Promise<void> {
    await this.#store.close()
    await this.#state.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

type Calls<Target> = { readonly [Key in keyof Target]?: (argument: Target[Key] extends (first: infer First, ...rest: never[]) => unknown ? First : never) => void }

/** The same object, whose calls are counted on their way. */
function counting<Target extends object>(target: Target, calls: Calls<Target>): Target {
  return new Proxy(target, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key)
      if (typeof member !== 'function') return member
      const count = calls[key as keyof Target] as ((argument: unknown) => void) | undefined
      return (...args: unknown[]) => {
        count?.(args[0])
        return member.apply(object, args)
      }
    },
  })
}

/** What a clean build of the world holds now. */
export async function cleanBuild(world: GitWorld, config: Record<string, unknown> = {}): Promise<readonly ExportedPoint[]> {
  const bench = await GitBench.open(world, config, 100)
  try {
    const report = await bench.sync()
    if (report.status !== 'succeeded') throw new Error(`the clean build failed: ${JSON.stringify(report.sources[0]?.error)}`)
    return await bench.export()
  } finally {
    await bench.close()
  }
}
