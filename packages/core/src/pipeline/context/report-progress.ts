import type { DocumentChange } from './report.ts'
import type { RunContext } from './run-context.ts'

/** Tells the host how far the run is. */
export function reportProgress(context: Pick<RunContext, 'ref' | 'progress' | 'onProgress'>): void {
  context.onProgress({ type: 'documents', ref: context.ref, ...context.progress.figures() })
}

/** Tells the host what became of a document. */
export function reportChange(change: DocumentChange, context: Pick<RunContext, 'ref' | 'onProgress'>): void {
  context.onProgress({ type: 'document', ref: context.ref, change })
}
