import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QdrantSimulator } from '@qdrant-loader/simulators'
import { expect } from 'vitest'
import { repairSources, type SourceJob, type VerificationReport, verifySources } from '../../src/pipeline/index.ts'
import { StateManager } from '../../src/state/state-manager.ts'
import { QdrantVectorStore } from '../../src/store/qdrant/qdrant-vector-store.ts'
import type { PointPayload } from '../../src/store/vector-store.ts'
import { ScriptedSource } from './scripted-source.ts'
import { Workbench } from './workbench.ts'

export const SIGNAL: AbortSignal = new AbortController().signal
export const REF = { project: 'default', sourceType: 'scripted', source: 'main' }
export const NOTHING = { missing: 0, orphaned: 0, different: 0 }

/** A workbench with a source of eight documents, whose collection anybody may change. */
export class VerifyWorld {
  readonly bench: Workbench
  readonly source = new ScriptedSource()
  #server: QdrantSimulator | undefined

  private constructor(bench: Workbench) {
    this.bench = bench
    for (let index = 0; index < 8; index += 1) {
      this.source.put(`doc${index}`, `first of ${index}\n\nsecond of ${index}\n\n${'long '.repeat(70)}`)
    }
  }

  /** With a simulated server of this version, or the embedded store. */
  static async open(qdrantVersion?: string): Promise<VerifyWorld> {
    const world = new VerifyWorld(await Workbench.open())
    if (qdrantVersion !== undefined) {
      world.#server = await QdrantSimulator.start({ version: qdrantVersion })
      const store = new QdrantVectorStore({ url: world.#server.url, collectionName: 'docs', sleep: async () => {} })
      Object.assign(world.bench, { store })
    }
    return world
  }

  get server(): QdrantSimulator {
    if (this.#server === undefined) throw new Error('there is no server')
    return this.#server
  }

  async close(): Promise<void> {
    await this.bench.close()
    await this.#server?.close()
    expect(this.#server?.violations ?? []).toEqual([])
  }

  /** Removes the whole collection. */
  async drop(): Promise<void> {
    if (this.#server !== undefined) return this.#server.collections.clear()
    await this.bench.store.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.bench.store.location}${suffix}`, { force: true })
  }

  async verify(refs = [REF], filter = {}, configured = refs): Promise<VerificationReport> {
    this.bench.now += 1_000
    return verifySources(refs, this.bench.service().dependencies, { configured, filter, signal: SIGNAL })
  }

  async repair(jobs: readonly SourceJob[] = [this.bench.job(this.source)], allowMassDelete = false): Promise<VerificationReport> {
    this.bench.now += 1_000
    const options = { configured: jobs.map((job) => job.ref), filter: {}, allowMassDelete, signal: SIGNAL }
    return repairSources(jobs, this.bench.service(), options)
  }

  async payloadsOf(document_id: string): Promise<readonly { id: string; payload: PointPayload }[]> {
    const found: { id: string; payload: PointPayload }[] = []
    for await (const { id, payload } of this.bench.store.scroll({ document_id }, { vector: false, payload: true }, SIGNAL)) {
      if (payload !== undefined) found.push({ id, payload })
    }
    return found
  }

  async idsOf(document_id: string): Promise<readonly string[]> {
    return (await this.payloadsOf(document_id)).map(({ id }) => id)
  }

  /** A point of another program, under this source. */
  async insertForeign(document_id: string, ref = REF): Promise<string> {
    const [template] = await this.payloadsOf('doc0')
    if (template === undefined) throw new Error('there is no doc0')
    const id = randomUUID()
    const payload = { ...template.payload, project_id: ref.project, source_type: ref.sourceType, source: ref.source, document_id }
    await this.bench.store.upsert([{ id, vector: new Float32Array(32).fill(1), payload }], SIGNAL)
    return id
  }

  /** The file of the state as it is now. */
  async copyOfState(): Promise<string> {
    const copy = join(mkdtempSync(join(tmpdir(), 'state-copy-')), 'state.db')
    await this.bench.state.close()
    cpSync(join(this.bench.directory, 'state.db'), copy)
    await this.#reopenState()
    return copy
  }

  async restoreState(copy: string): Promise<void> {
    await this.bench.state.close()
    cpSync(copy, join(this.bench.directory, 'state.db'))
    await this.#reopenState()
  }

  async #reopenState(): Promise<void> {
    const logger = { debug() {}, info() {}, warn() {}, error() {} }
    const state = await StateManager.open({ path: join(this.bench.directory, 'state.db'), now: () => this.bench.now, logger })
    Object.assign(this.bench, { state })
  }
}

/** What was found of each kind, as `kind document`. */
export function named(report: VerificationReport): readonly string[] {
  return report.sources.flatMap(({ examples }) => examples.map(({ kind, document_id }) => `${kind} ${document_id}`)).sort()
}
