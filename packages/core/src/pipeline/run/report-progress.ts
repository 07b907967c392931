import type { RunContext } from './run-context.ts'

/** Tells the host how far the run is. */
export function reportProgress(context: Pick<RunContext, 'ref' | 'progress' | 'counters' | 'onProgress'>): void {
  const { ref, progress, counters } = context
  context.onProgress({ type: 'documents', ref, ...progress, embedded: counters.chunks.embedded })
}
