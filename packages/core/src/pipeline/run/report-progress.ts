import type { DocumentChange } from './report.ts'
import type { RunContext } from './run-context.ts'

/** Tells the host how far the run is. */
export function reportProgress(context: Pick<RunContext, 'ref' | 'progress' | 'counters' | 'onProgress'>): void {
  const { ref, progress, counters } = context
  context.onProgress({ type: 'documents', ref, ...progress, embedded: counters.chunks.embedded })
}

/** Tells the host what became of a document. */
export function reportChange(change: DocumentChange, context: Pick<RunContext, 'ref' | 'onProgress'>): void {
  context.onProgress({ type: 'document', ref: context.ref, change })
}
