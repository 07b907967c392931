import { expect } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import type { Logger } from '@qdrant-loader/connector-sdk'
import { CHUNKING_VERSION, chunkText } from '../../src/chunking/chunk-text.ts'
import type { Embedder, OnAnswer } from '../../src/embedding/embedder.ts'
import { HashEmbedder } from '../../src/embedding/hash-embedder.ts'
import type { DetectionSettings, PipelineSettings } from '../../src/pipeline/context/run-context.ts'
import {
  type DocumentChange,
  DocumentChanges,
  IncrementalIngestionService,
  type ProgressEvent,
  type SourceJob,
  type SyncOptions,
  type SyncReport,
} from '../../src/pipeline/index.ts'
import { openRehearsal } from '../../src/rehearsal/open-rehearsal.ts'
import { StateManager } from '../../src/state/state-manager.ts'
import { EmbeddedVectorStore } from '../../src/store/embedded/embedded-vector-store.ts'
import type { PointPayload, VectorStore } from '../../src/store/vector-store.ts'
import type { ScriptedSource } from './scripted-source.ts'

const SIGNAL = new AbortController().signal

/** A point as `export` prints it, without what is volatile. */
export interface ExportedPoint {
  readonly id: string
  readonly vector: readonly number[]
  readonly payload: Omit<PointPayload, '_sync'>
}

/** An embedder that counts what it is really given. */
export class CountingEmbedder extends HashEmbedder {
  readonly given: string[] = []
  onEmbed: (inputs: readonly string[]) => void | Promise<void> = () => {}

  override async embed(inputs: readonly string[], signal: AbortSignal, answered?: OnAnswer): Promise<readonly Float32Array[]> {
    await this.onEmbed(inputs)
    this.given.push(...inputs)
    return super.embed(inputs, signal, answered)
  }
}

/** A store that counts what is really done to it. */
export class CountingStore extends EmbeddedVectorStore {
  readonly done = { upserted: 0, payloads: 0, deleted: 0 }
  /** Called before and after each effect; throw in it to break off. */
  onEffect: (moment: `${'before' | 'after'} ${'upsert' | 'payload' | 'delete'}`) => void | Promise<void> = () => {}

  override async upsert(...args: Parameters<VectorStore['upsert']>): Promise<void> {
    await this.onEffect('before upsert')
    await super.upsert(...args)
    this.done.upserted += args[0].length
    await this.onEffect('after upsert')
  }

  override async replacePayload(...args: Parameters<VectorStore['replacePayload']>): Promise<void> {
    await this.onEffect('before payload')
    await super.replacePayload(...args)
    this.done.payloads += args[0].length
    await this.onEffect('after payload')
  }

  override async delete(...args: Parameters<VectorStore['delete']>): Promise<void> {
    await this.onEffect('before delete')
    await super.delete(...args)
    this.done.deleted += args[0].length
    await this.onEffect('after delete')
  }
}

export interface WorkbenchOptions {
  readonly directory?: string
  readonly settings?: Partial<PipelineSettings>
}

/** Real state, real store and a counting embedder in a temporary folder, around a scripted source. */
export class Workbench {
  readonly directory: string
  readonly state: StateManager
  readonly store: CountingStore
  readonly embedder = new CountingEmbedder({ dimensions: 32 })
  readonly events: ProgressEvent[] = []
  readonly log: string[] = []
  /** No document and no message may hold it. */
  secret = 'a-secret-of-the-bench'
  readonly settings: PipelineSettings
  now = Date.UTC(2026, 0, 1)
  readonly #ownsDirectory: boolean

  private constructor(directory: string, ownsDirectory: boolean, state: StateManager, settings: PipelineSettings) {
    this.directory = directory
    this.#ownsDirectory = ownsDirectory
    this.state = state
    this.settings = settings
    this.store = new CountingStore({ path: join(directory, 'vectors.db') })
  }

  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'workbench-'))
    const settings: PipelineSettings = {
      batchSize: 3,
      batchTimeoutMs: 10_000,
      retry: { ...DEFAULT_RETRY, attempts: 1, delayMs: 1 },
      maxWorkers: 2,
      queueSize: 8,
      documentTimeoutMs: 5_000,
      chunking: { chunkSize: 64, chunkOverlap: 0 },
      ...options.settings,
    }
    const bench: { current?: Workbench } = {}
    const state = await StateManager.open({
      path: join(directory, 'state.db'),
      now: () => bench.current?.now ?? 0,
      logger: silentLogger(),
    })
    bench.current = new Workbench(directory, options.directory === undefined, state, settings)
    return bench.current
  }

  job(source: ScriptedSource, changes: { project?: string; source?: string; settings?: Partial<DetectionSettings> } = {}): SourceJob {
    return {
      ref: { project: changes.project ?? 'default', sourceType: 'scripted', source: changes.source ?? 'main' },
      plugin: source.plugin(),
      config: {},
      settings: {
        detectionTimeoutMs: 5_000,
        maxDeleteRatio: 0.25,
        maxDeleteCount: 25,
        fullListingIntervalMs: 86_400_000,
        ...changes.settings,
      },
      configDirectory: this.directory,
      cacheDirectory: join(this.directory, 'cache'),
    }
  }

  service(embedder: Embedder = this.embedder): IncrementalIngestionService {
    return new IncrementalIngestionService({
      state: this.state,
      store: this.store,
      embedder,
      rehearse: async () => openRehearsal({ scratch: await this.state.scratch(), store: this.store, embedder }),
      chunkText,
      chunkingVersion: CHUNKING_VERSION,
      settings: this.settings,
      metrics: { enabled: true, intervalMs: 60_000, retentionMs: 86_400_000 },
      logger: listLogger(this.log),
      redact: (text) => text.replaceAll(this.secret, '***'),
      holdsSecret: (text) => text.includes(this.secret),
      onProgress: (event) => this.events.push(event),
      now: () => this.now,
      sleep: async () => {},
    })
  }

  async sync(source: ScriptedSource | readonly SourceJob[], options: Partial<SyncOptions> = {}): Promise<SyncReport> {
    const jobs = Array.isArray(source) ? (source as readonly SourceJob[]) : [this.job(source as ScriptedSource)]
    this.now += 1_000
    return this.service().sync(jobs, { mode: 'incremental', dryRun: false, allowMassDelete: false, signal: SIGNAL, ...options })
  }

  /** What the last run, or dry run, said of each document. */
  changes(): readonly DocumentChange[] {
    const changes = new DocumentChanges()
    const started = this.events.findLastIndex((event) => event.type === 'source-started')
    for (const event of this.events.slice(started)) changes.take(event)
    const last = this.events[started]
    return last?.type === 'source-started' ? changes.of(last.ref) : []
  }

  /** Everything in the store but what is volatile. */
  async export(): Promise<readonly ExportedPoint[]> {
    const points: ExportedPoint[] = []
    for await (const point of this.store.scroll({}, { vector: true, payload: true }, SIGNAL)) {
      if (point.payload === undefined || point.vector === undefined) throw new Error('a point came back incomplete')
      const { _sync, ...payload } = point.payload
      points.push({ id: point.id, vector: [...point.vector], payload })
    }
    return points
  }

  /** Texts in the store, sorted, by document. */
  async texts(): Promise<Record<string, string[]>> {
    const texts: Record<string, string[]> = {}
    for (const { payload } of await this.export()) (texts[payload.document_id] ??= []).push(payload.content)
    for (const list of Object.values(texts)) list.sort()
    return texts
  }

  async close(): Promise<void> {
    await this.store.close()
    await this.state.close()
    if (this.#ownsDirectory) rmSync(this.directory, { recursive: true, force: true })
  }
}

/** What a clean build of the same source holds. */
export async function cleanBuild(source: ScriptedSource, settings: Partial<PipelineSettings> = {}): Promise<readonly ExportedPoint[]> {
  const bench = await Workbench.open({ settings })
  const { onChange, onFetch } = source
  source.onChange = () => {}
  source.onFetch = () => {}
  try {
    await bench.sync(source)
    return await bench.export()
  } finally {
    source.onChange = onChange
    source.onFetch = onFetch
    await bench.close()
  }
}

function silentLogger(): Logger {
  return listLogger([])
}

function listLogger(lines: string[]): Logger {
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    lines.push(`${level} ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`)
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** The collection holds what a clean build of the source holds. */
export async function expectConverged(bench: Workbench, source: ScriptedSource): Promise<void> {
  expect(await bench.export()).toEqual(await cleanBuild(source))
}
