import type { DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { DocumentRecord, StagedDeletion } from '../../state/records.ts'
import { batchesOf } from '../../performance/batches.ts'
import type { NamedChange } from './detect.ts'
import { documentIsStale } from '../identity/fingerprints.ts'
import { canonicalJson } from '../identity/hashing.ts'
import { metadataVersionOf } from '../identity/payload.ts'
import type { RunContext } from '../context/run-context.ts'
import type { Work } from './work.ts'

/** How long a change or document waits for company before it goes on, in milliseconds. */
export const COMPANY_MS = 1_000
/** How many changes are looked up in the state at once; never more than the queue holds. */
const LOOKUP_SIZE = 500

type ClassifyContext = Pick<RunContext, 'ref' | 'fingerprints' | 'counters' | 'inFlight' | 'settings' | 'signal'> & {
  readonly state: Pick<IngestionState, 'documents'>
}

/**
 * Decides what each change means for what is recorded: read it (added, updated, moved), set its payload, mark it as
 * seen, or stage its deletion. A document that is named again waits until its earlier change is committed.
 */
export async function* classify(
  changes: AsyncIterable<NamedChange>,
  context: ClassifyContext,
): AsyncGenerator<Work, void, undefined> {
  const bounds = {
    maxItems: Math.min(LOOKUP_SIZE, context.settings.queueSize),
    closes: (change: NamedChange) => change.kind === 'checkpoint',
    maxWaitMs: COMPANY_MS,
  }
  for await (const batch of batchesOf(changes, bounds)) {
    for (const segment of distinctSegments(batch)) {
      context.signal.throwIfAborted()
      const ids = segment.flatMap(idsOf)
      if (ids.some((id) => context.inFlight.has(id))) {
        yield { kind: 'flush' }
        await context.inFlight.settled(ids)
      }
      const known = await context.state.documents.among(context.ref, ids)
      // The origin of a move may be unknown: then nothing will ever be committed for it.
      for (const id of segment.flatMap((change) => idsWithWork(change, known))) context.inFlight.add(id)
      for (const change of segment) yield* worksFor(change, known, context)
    }
  }
}

/** Cuts a batch so that no document is named twice in one piece. */
function distinctSegments(batch: readonly NamedChange[]): readonly NamedChange[][] {
  const segments: NamedChange[][] = [[]]
  let ids = new Set<string>()
  for (const change of batch) {
    const named = idsOf(change)
    if (named.some((id) => ids.has(id))) {
      segments.push([])
      ids = new Set()
    }
    for (const id of named) ids.add(id)
    segments.at(-1)?.push(change)
  }
  return segments
}

function idsOf(change: NamedChange): readonly string[] {
  switch (change.kind) {
    case 'upsert':
      return [change.stub.id]
    case 'move':
      return [change.from, change.stub.id]
    case 'delete':
    case 'skip':
      return [change.id]
    case 'checkpoint':
      return []
  }
}

function idsWithWork(change: NamedChange, known: ReadonlyMap<string, DocumentRecord>): readonly string[] {
  return change.kind === 'move' && live(known.get(change.from)) === undefined ? [change.stub.id] : idsOf(change)
}

function* worksFor(
  change: NamedChange,
  known: ReadonlyMap<string, DocumentRecord>,
  context: ClassifyContext,
): Generator<Work, void, undefined> {
  switch (change.kind) {
    case 'upsert':
      yield workForStub(change.stub, change.document, known.get(change.stub.id), context)
      break
    case 'move':
      yield* worksForMove(change, known, context)
      break
    case 'delete':
      yield { kind: 'remove', deletion: deletionOf(change, known.get(change.id)) }
      break
    case 'skip':
      context.counters.skipped[change.reason] = (context.counters.skipped[change.reason] ?? 0) + 1
      yield { kind: 'remove', deletion: { documentId: change.id, verdict: 'out-of-scope' } }
      break
    case 'checkpoint':
      yield change
      break
  }
}

/** What an interrupted run has moved is deleted by now, and the detector may no longer tell that it was a move. */
function deletionOf(
  { id, verdict }: Extract<NamedChange, { readonly kind: 'delete' }>,
  recorded: DocumentRecord | undefined,
): StagedDeletion {
  const movedTo = recorded?.status === 'staged' ? recorded.movedTo : undefined
  return { documentId: id, verdict, ...(movedTo !== undefined && { movedTo }) }
}

function* worksForMove(
  change: Extract<NamedChange, { readonly kind: 'move' }>,
  known: ReadonlyMap<string, DocumentRecord>,
  context: ClassifyContext,
): Generator<Work, void, undefined> {
  const origin = live(known.get(change.from))
  const work = workForStub(change.stub, change.document, known.get(change.stub.id), context)
  if (origin === undefined || change.from === change.stub.id) {
    yield work
    return
  }
  yield work.kind === 'read' && work.change === 'added'
    ? { ...work, change: 'moved', reason: `moved from ${change.from}`, movedFrom: change.from }
    : work
  yield {
    kind: 'remove',
    deletion: { documentId: change.from, verdict: 'deleted', movedTo: change.stub.id },
  }
}

/** What to do about a document that exists at this version. */
export function workForStub(
  stub: DocumentStub,
  document: SourceDocument | undefined,
  recorded: DocumentRecord | undefined,
  context: Pick<RunContext, 'fingerprints'>,
): Work {
  const known = live(recorded)
  const read = (change: 'added' | 'updated', reason: string): Work => ({
    kind: 'read',
    stub,
    document,
    known,
    change,
    reason,
    movedFrom: undefined,
  })
  if (known === undefined) return read('added', 'new in the source')
  if (known.contentVersion !== stub.contentVersion) return read('updated', 'its version changed')
  if (known.redo === 'intent') return read('updated', 'an earlier run was interrupted while writing it')
  if (known.redo === 'dependency') return read('updated', 'a document that it includes changed')
  if (documentIsStale(known.fingerprints, context.fingerprints)) return read('updated', 'the configuration changed')
  if (known.metadataVersion !== metadataVersionOf(stub)) {
    // Documents without chunks have no payload to set; reading one that was skipped would bring nothing new.
    return { kind: 'relabel', stub, known }
  }
  const { validators } = stub
  const sameValidators = canonicalJson(validators ?? null) === canonicalJson(known.stub.validators ?? null)
  return { kind: 'seen', documentId: stub.id, ...(!sameValidators && { validators: validators === undefined ? {} : { validators } }) }
}

/** A tombstone counts as unknown. */
function live(record: DocumentRecord | undefined): DocumentRecord | undefined {
  return record === undefined || record.status === 'deleted' ? undefined : record
}
