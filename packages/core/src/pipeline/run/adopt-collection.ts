import type { Logger } from '@qdrant-loader/connector-sdk'
import type { IngestionState } from '../../state/ingestion-state.ts'
import type { HeldLease, SourceRecord, SourceRef } from '../../state/records.ts'
import type { CollectionInfo, VectorStore } from '../../store/vector-store.ts'
import { knowsMark, markKey } from '../context/store-mark.ts'

/** What a run starts from. */
export interface AdoptedSource {
  readonly source: SourceRecord | undefined
  /** The mark that the collection carries. */
  readonly mark: string | undefined
}

/**
 * The rows of the state speak of one collection as this state left it. When it is another one now, or somebody else
 * wrote to it, they are forgotten and the source is loaded anew (I1); what the collection holds already keeps its
 * vectors, and what nobody owns is removed at the end of the run.
 */
export async function adoptCollection(
  run: { readonly ref: SourceRef; readonly lease: HeldLease; readonly collection: CollectionInfo; readonly signal: AbortSignal },
  deps: { readonly state: IngestionState; readonly store: VectorStore; readonly logger: Logger },
): Promise<AdoptedSource> {
  const { state, store, logger } = deps
  const { ref, lease } = run
  const { instanceId, created } = run.collection
  const mark = await store.readMark(markKey(ref), run.signal)
  const source = await state.sources.get(ref)
  if (source?.storeInstance === instanceId && knowsMark(source, mark)) return { source, mark }
  if (source?.storeInstance === instanceId) {
    logger.warn('somebody else wrote to the collection, or this state is an older copy: the source is loaded anew', { ...ref })
    await state.sources.reset(lease, instanceId)
  } else if (source?.storeInstance !== undefined) {
    logger.warn('the collection is not the one of the last run: the source is loaded anew', { ...ref })
    await state.sources.reset(lease, instanceId)
  }
  await state.sources.update(lease, { storeInstance: instanceId, reconciled: created })
  return { source: await state.sources.get(ref), mark }
}
