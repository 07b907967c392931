import { isLoaderError, type Logger } from '@qdrant-loader/connector-sdk'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { HeldLease, SourceRecord, SourceRef } from '../../state/records.ts'
import type { VectorStore } from '../../store/vector-store.ts'
import { pipelineError } from './codes.ts'
import { sha256 } from '../identity/hashing.ts'

/** The key under which the collection keeps the mark of a source. */
export function markKey(ref: SourceRef): string {
  return sha256(JSON.stringify([ref.project, ref.sourceType, ref.source])).slice(0, 32)
}

/**
 * True when the state knows all that was written to the collection for this source. Another mark than the state's
 * means that somebody else wrote since: the state is an older copy, or there are two states for one source.
 */
export function knowsMark(source: SourceRecord, mark: string | undefined): boolean {
  return mark === undefined ? source.storeMarks.length === 0 : source.storeMarks.includes(mark)
}

/** What a mark is written with. */
export interface StoreMarkDeps {
  readonly ref: SourceRef
  readonly runId: string
  readonly lease: HeldLease
  readonly state: Pick<IngestionState, 'sources'>
  readonly store: Pick<VectorStore, 'readMark' | 'writeMark'>
  /** The mark that the collection carries now. */
  readonly found: string | undefined
  /** See `KeptLease.confirm`. */
  readonly confirmLease: () => Promise<void>
  readonly logger: Logger
}

/**
 * Marks the collection with this run before the run's first effect, so that any other state can tell. Until the store
 * has acknowledged it, the state accepts both marks: a run may be killed in between (I5).
 */
export class StoreMark {
  readonly #deps: StoreMarkDeps
  #claimed: Promise<void> | undefined

  constructor(deps: StoreMarkDeps) {
    this.#deps = deps
  }

  /** Called before every effect on the store; writes once. @throws ConcurrentUpdateError when the lease was lost. */
  async claim(signal: AbortSignal): Promise<void> {
    await this.#deps.confirmLease()
    this.#claimed ??= this.#write(signal).catch((error: unknown) => {
      this.#claimed = undefined
      throw error
    })
    await this.#claimed
  }

  /**
   * Does everything that has effects on the store. Where the lease turns out to be lost, the run that has it now may
   * have looked before the last of these effects came, so the next run is told to trust nothing.
   */
  async guard<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run()
    } catch (error) {
      if (this.#claimed !== undefined && isLoaderError(error) && error.code === 'lease_lost') await this.#disown()
      throw error
    }
  }

  async #disown(): Promise<void> {
    const { ref, runId, store, logger } = this.#deps
    try {
      await store.writeMark(markKey(ref), `${runId} lost its lease`, new AbortController().signal)
    } catch (error) {
      logger.error('the collection could not be marked as doubtful', { ...ref, error: String(error) })
    }
  }

  async #write(signal: AbortSignal): Promise<void> {
    const { found, lease, ref, runId, state, store } = this.#deps
    const current = await store.readMark(markKey(ref), signal)
    if (current !== found && current !== runId) throw pipelineError('store_written_meanwhile')
    await state.sources.update(lease, { storeMarks: found === undefined ? [runId] : [found, runId] })
    await store.writeMark(markKey(ref), runId, signal)
    await state.sources.update(lease, { storeMarks: [runId] })
  }
}
