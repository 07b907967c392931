import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { CHUNKING_VERSION, chunkText } from '@qdrant-loader/core/chunking'
import { HashEmbedder } from '@qdrant-loader/core/embedding'
import { type DocumentChange, DocumentChanges, IncrementalIngestionService, repairSources, type SourceJob, type SyncOptions, type SyncReport, type VerificationReport, verifySources } from '@qdrant-loader/core/pipeline'
import { openRehearsal } from '@qdrant-loader/core/rehearsal'
import { StateManager } from '@qdrant-loader/core/state'
import { EmbeddedVectorStore, type PointPayload, type VectorStore } from '@qdrant-loader/core/store'
import { planAndSync, type PlannedSync } from './plan-and-sync.ts'
import type { Logger } from '@qdrant-loader/connector-sdk'

const SIGNAL = new AbortController().signal
const QUIET: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** A point as `export` prints it, without what is volatile. */
export interface ExportedPoint {
  readonly id: string
  readonly vector: readonly number[]
  readonly payload: Omit<PointPayload, '_sync'>
}

/** Counts what the embedder and the store are really given. */
class Counts {
  embedded = 0
  upserted = 0
  payloads = 0
  deleted = 0
}

/** What a bench runs with. */
export interface SyncBenchOptions {
  /** The connector under test (`connector as SourceJob['plugin']`); its `type` is the type of the source. */
  readonly plugin: SourceJob['plugin']
  /** One source as the user writes it. Called before each sync, so that ports and settings may change in between. */
  readonly config: () => unknown
  /** Documents in a batch. Default 7: small, so that there are several. */
  readonly batchSize?: number
  /** Milliseconds since the epoch, for the connector and the host. Default `Date.now`. */
  readonly now?: () => number
  /** Default: never due by itself; 0 makes each sync a complete listing. See also `fullListingIntervalMs` of `sync`. */
  readonly fullListingIntervalMs?: number
  /** Attempts to read a document again. Default 0. */
  readonly retryAttempts?: number
  /** Default: said to nobody. */
  readonly logger?: Logger
}

/** How one sync of a bench is done. */
export type BenchSyncOptions = Partial<SyncOptions> & {
  readonly fullListingIntervalMs?: number
  /** Nothing disturbs it: with ORACLE_PLANS=1 it is planned before, and the plan has to say what it does. Default false. */
  readonly calm?: boolean
}

/** The whole path in one process, with real parts: connector, state, pipeline, embedded store. */
export class SyncBench {
  readonly directory: string
  readonly counts = new Counts()
  /** Called before each effect on the store, with what was done of its kind so far. */
  onEffect: (done: number) => void = () => {}
  readonly #options: SyncBenchOptions
  #changes = new DocumentChanges()
  readonly #state: StateManager
  readonly #store: EmbeddedVectorStore
  readonly #service: IncrementalIngestionService

  private constructor(options: SyncBenchOptions, directory: string, state: StateManager) {
    const now = options.now ?? Date.now
    this.directory = directory
    this.#options = options
    this.#state = state
    this.#store = new EmbeddedVectorStore({ path: join(directory, 'points.db') })
    const embedder = new HashEmbedder({ dimensions: 32 })
    const { counts } = this
    this.#service = new IncrementalIngestionService({
      state,
      store: counting(this.#store, {
        upsert: (points) => this.onEffect((counts.upserted += points.length)),
        replacePayload: (updates) => this.onEffect((counts.payloads += updates.length)),
        delete: (ids) => this.onEffect((counts.deleted += ids.length)),
      }),
      embedder: counting(embedder, { embed: (inputs) => (counts.embedded += inputs.length) }),
      rehearse: async () => openRehearsal({ scratch: await state.scratch(), store: this.#store, embedder }),
      chunkText,
      chunkingVersion: CHUNKING_VERSION,
      settings: {
        batchSize: options.batchSize ?? 7,
        batchTimeoutMs: 60_000,
        retry: { ...DEFAULT_RETRY, attempts: options.retryAttempts ?? 0, delayMs: 1 },
        maxWorkers: 4,
        queueSize: 32,
        documentTimeoutMs: 60_000,
        chunking: { chunkSize: 64, chunkOverlap: 0 },
      },
      metrics: { enabled: false, intervalMs: 60_000, retentionMs: 60_000 },
      logger: options.logger ?? QUIET,
      redact: (text) => text,
      holdsSecret: () => false,
      onProgress: (event) => this.#changes.take(event),
      now,
      sleep: async () => {},
    })
  }

  static async open(options: SyncBenchOptions): Promise<SyncBench> {
    const directory = mkdtempSync(join(tmpdir(), 'sync-bench-'))
    const state = await StateManager.open({ path: join(directory, 'state.db'), now: options.now ?? Date.now, logger: QUIET })
    return new SyncBench(options, directory, state)
  }

  /** `counts` then holds what this sync did. A dying run is made with `signal`. */
  async sync({ calm = false, ...options }: BenchSyncOptions = {}): Promise<SyncReport> {
    const planned = calm && process.env['ORACLE_PLANS'] === '1'
    return planned ? await this.planAndSync(options, 'ORACLE_PLANS') : await this.#sync(options)
  }

  /** Plans, then syncs, and expects that both say the same of every document, and that the plan did nothing. */
  async planAndSync(options: BenchSyncOptions, where: string): Promise<SyncReport> {
    return await planAndSync(this.#pair(options), where)
  }

  #pair(options: BenchSyncOptions): PlannedSync {
    const run = async (dryRun: boolean) => ({ report: await this.#sync({ ...options, dryRun }), changes: await this.#said(), counts: { ...this.counts } })
    return { plan: () => run(true), sync: () => run(false) }
  }

  async #sync({ fullListingIntervalMs, ...options }: BenchSyncOptions): Promise<SyncReport> {
    Object.assign(this.counts, new Counts())
    this.#changes = new DocumentChanges()
    const job = await this.#job(fullListingIntervalMs)
    return this.#service.sync([job], { mode: 'incremental', dryRun: false, allowMassDelete: false, signal: SIGNAL, ...options })
  }

  /** What the last sync, or dry run, said of each document, by id. */
  async #said(): Promise<readonly DocumentChange[]> {
    const { ref } = await this.#job(undefined)
    return this.#changes.of(ref).toSorted((a, b) => (a.document_id < b.document_id ? -1 : 1))
  }

  /** Compares the state with the collection. */
  async verify(): Promise<VerificationReport> {
    const { ref } = await this.#job(undefined)
    return verifySources([ref], this.#service.dependencies, { configured: [ref], filter: {}, signal: SIGNAL })
  }

  /** Compares and mends. `counts` then holds what this did. */
  async repair(options: { readonly signal?: AbortSignal } = {}): Promise<VerificationReport> {
    Object.assign(this.counts, new Counts())
    const job = await this.#job(undefined)
    return repairSources([job], this.#service, { configured: [job.ref], filter: {}, allowMassDelete: true, signal: SIGNAL, ...options })
  }

  /** The store itself, so that tests can do to it what nobody should. What is done to it is not counted. */
  get store(): VectorStore {
    return this.#store
  }

  async #job(fullListingIntervalMs: number | undefined): Promise<SourceJob> {
    const { plugin } = this.#options
    const parsed = await plugin.configSchema['~standard'].validate(this.#options.config())
    if (parsed.issues !== undefined) throw new Error(JSON.stringify(parsed.issues))
    return {
      ref: { project: 'default', sourceType: plugin.type, source: 'world' },
      plugin,
      config: parsed.value,
      settings: {
        detectionTimeoutMs: 60_000,
        maxDeleteRatio: 1,
        maxDeleteCount: 1_000_000,
        fullListingIntervalMs: fullListingIntervalMs ?? this.#options.fullListingIntervalMs ?? Number.MAX_SAFE_INTEGER,
      },
      configDirectory: this.directory,
      cacheDirectory: join(this.directory, 'cache'),
    }
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

  /** The failure ledger. */
  async failures(): ReturnType<StateManager['reports']['failures']> {
    return this.#state.reports.failures({ limit: 1_000 })
  }

  /** What `status` shows. */
  async status(): ReturnType<StateManager['reports']['sources']> {
    return this.#state.reports.sources()
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

/** What a clean build of the source holds now: another state, another store. */
export async function cleanBuildOf(options: SyncBenchOptions): Promise<readonly ExportedPoint[]> {
  const bench = await SyncBench.open({ ...options, batchSize: 100 })
  try {
    const report = await bench.sync()
    if (report.status !== 'succeeded') throw new Error(`the clean build failed: ${JSON.stringify(report.sources[0]?.error)}`)
    return await bench.export()
  } finally {
    await bench.close()
  }
}
