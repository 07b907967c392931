import type { IngestionState } from '../../state/ingestion-state.ts'
import type { HeldLease, SourceRecord, SourceRef } from '../../state/records.ts'
import type { VectorStore } from '../../store/vector-store.ts'
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
  readonly state: Pick<IngestionState, 'updateSource'>
  readonly store: Pick<VectorStore, 'writeMark'>
  /** The mark that the collection carries now. */
  readonly found: string | undefined
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

  /** Called before every effect on the store; writes once. */
  claim(signal: AbortSignal): Promise<void> {
    this.#claimed ??= this.#write(signal).catch((error: unknown) => {
      this.#claimed = undefined
      throw error
    })
    return this.#claimed
  }

  async #write(signal: AbortSignal): Promise<void> {
    const { found, lease, ref, runId, state, store } = this.#deps
    await state.updateSource(lease, { storeMarks: found === undefined ? [runId] : [found, runId] })
    await store.writeMark(markKey(ref), runId, signal)
    await state.updateSource(lease, { storeMarks: [runId] })
  }
}
