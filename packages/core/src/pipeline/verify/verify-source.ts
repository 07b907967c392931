import { countingRequests, type RequestCounts } from '../../performance/request-scope.ts'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { HeldLease, SourceRecord, SourceRef, WriteIntent } from '../../state/records.ts'
import type { CollectionInfo, VectorStore } from '../../store/vector-store.ts'
import { reportedError } from '../context/reported-error.ts'
import type { RunDependencies } from '../context/run-dependencies.ts'
import { knowsMark, markKey } from '../context/store-mark.ts'
import { underLease } from '../context/under-lease.ts'
import { compare } from './compare.ts'
import { type Difference, type Differences, EXAMPLES, type SourceVerification } from './verification.ts'

/** What comparing works with. */
export type VerifyDependencies = Pick<RunDependencies, 'state' | 'store' | 'logger' | 'onProgress' | 'now'>

/** How one source is compared. */
export interface VerifySourceOptions {
  /** Undefined when there is none. */
  readonly collection: CollectionInfo | undefined
  /** Points that the collection holds for the source, for the display. */
  readonly points: number
  /** Writes what is found into the state, so that the next sync mends it. */
  readonly mark: boolean
  readonly signal: AbortSignal
}

/** Compares one source under its lease. Never throws: what went wrong is in the report. */
export async function verifySource(
  ref: SourceRef,
  deps: VerifyDependencies,
  options: VerifySourceOptions,
): Promise<SourceVerification> {
  const started = deps.now()
  const requests: RequestCounts = { store: 0, embedder: 0 }
  const tally = new Tally()
  let documents = 0
  let synced = false
  let error: unknown
  deps.onProgress({ type: 'check-started', ref })
  try {
    await countingRequests(requests, () => lookThrough(ref, deps, options, tally))
    documents = await deps.state.documents.count(ref)
    synced = (await deps.state.runs.last(ref)) !== undefined
  } catch (cause) {
    error = cause
    const { code, message } = reportedError(cause)
    deps.logger.error('the comparison failed', { ...ref, code, error: message })
  }
  const different = tally.missing + tally.orphaned + tally.different > 0
  const status = error !== undefined ? 'failed' : different ? 'different' : synced ? 'equal' : 'unsynced'
  const duration_ms = Math.round(deps.now() - started)
  deps.onProgress({ type: 'check-finished', ref, status, duration_ms })
  return {
    project: ref.project,
    source_type: ref.sourceType,
    source: ref.source,
    status,
    documents: { checked: documents },
    points: { checked: tally.stored + tally.missing, ...tally.differences },
    examples: tally.examples,
    repair: null,
    requests: { store: requests.store },
    duration_ms,
    error: error === undefined ? null : reportedError(error),
  }
}

class Tally {
  missing = 0
  orphaned = 0
  different = 0
  /** Points of the collection that were looked at. */
  stored = 0
  readonly examples: Difference[] = []

  get differences(): Differences {
    return { missing: this.missing, orphaned: this.orphaned, different: this.different }
  }

  clear(): void {
    Object.assign(this, { missing: 0, orphaned: 0, different: 0, stored: 0 })
    this.examples.length = 0
  }

  add(page: readonly Difference[]): void {
    for (const difference of page) {
      this[difference.kind] += 1
      if (this[difference.kind] <= EXAMPLES) this.examples.push(difference)
    }
  }
}

async function lookThrough(ref: SourceRef, deps: VerifyDependencies, options: VerifySourceOptions, tally: Tally): Promise<void> {
  const { state, store, onProgress } = deps
  const context = (signal: AbortSignal) => ({
    ref,
    state,
    store: options.collection === undefined ? undefined : store,
    signal,
    onChecked: (points: number) => {
      tally.stored += points
      onProgress({ type: 'points', ref, checked: tally.stored, total: Math.max(options.points, tally.stored) })
    },
  })
  // A lease belongs to a source that the state knows. Of any other it holds nothing that a sync could be changing.
  if ((await state.sources.get(ref)) === undefined) {
    for await (const page of compare(context(options.signal))) tally.add(page)
    if ((await state.sources.get(ref)) === undefined) return
    // Its first sync began meanwhile.
    tally.clear()
  }
  await underLease(ref, deps, options.signal, async ({ lease, signal }) => {
    const marks = options.mark && (await fits(await state.sources.get(ref), store, options.collection, signal))
    for await (const page of compare(context(signal))) {
      tally.add(page)
      if (marks) await writeDown(page, state, lease)
    }
  })
}

/** False when the next sync forgets what the state says of the source anyway (ADR 10). */
async function fits(
  source: SourceRecord | undefined,
  store: VectorStore,
  collection: CollectionInfo | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (source === undefined || collection === undefined || source.storeInstance !== collection.instanceId) return false
  return knowsMark(source, await store.readMark(markKey(source.ref), signal))
}

/** The same doubt as a killed run leaves, so that any sync mends it. */
async function writeDown(page: readonly Difference[], state: IngestionState, lease: HeldLease): Promise<void> {
  const doubts = page.flatMap(({ kind, point_id: pointId, document_id: documentId }): readonly WriteIntent[] => {
    if (kind === 'orphaned' || documentId === null) return []
    return [{ pointId, documentId, operation: kind === 'missing' ? 'remove' : 'payload' }]
  })
  if (doubts.length > 0) await state.intents.settle(lease, doubts)
  if (page.some(({ kind }) => kind === 'orphaned')) await state.sources.update(lease, { reconciled: false })
}
