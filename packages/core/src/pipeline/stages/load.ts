import { isLoaderError, LoaderError, retrying, type SourceDocument } from '@qdrant-loader/connector-sdk'
import { withDeadline } from '../../performance/deadline.ts'
import { ParallelProcessor } from '../../performance/parallel-processor.ts'
import { reportedError } from '../run/reported-error.ts'
import type { RunContext } from '../run/run-context.ts'
import type { LoadedWork, ReadWork, Work } from './work.ts'

/** After so many documents in a row that could not be reached, the source counts as unreachable. */
const UNREACHABLE_AFTER = 10

/** What reading needs of a run. */
export type LoadContext = Pick<RunContext, 'connector' | 'settings' | 'signal' | 'logger' | 'metrics' | 'now' | 'sleep'>

/**
 * Reads the content of what is new, several documents at once, in order. A document that fails goes on as `failed`
 * (I10); credentials, configuration and a source that stays unreachable end the run.
 */
export function load(works: AsyncIterable<Work>, context: LoadContext): AsyncIterable<LoadedWork> {
  const unreachable = { inARow: 0 }
  return new ParallelProcessor(context.settings).processDocuments(works, async (work) =>
    work.kind === 'read' ? loadOne(work, context, unreachable) : work,
  )
}

/** Reads one document, with retries. `unreachable` counts the documents in a row that could not be reached. */
export async function loadOne(
  work: ReadWork,
  context: LoadContext,
  unreachable: { inARow: number },
): Promise<Extract<LoadedWork, { readonly kind: 'loaded' | 'seen' | 'remove' | 'failed' }>> {
  if (work.document !== undefined) return { kind: 'loaded', work, document: work.document }
  const started = context.now()
  try {
    const document = await fetchWithRetries(work, context)
    unreachable.inARow = 0
    if (document === 'gone' && work.vouchedFor) return { kind: 'seen', documentId: work.stub.id }
    if (document === 'gone') return { kind: 'remove', deletion: { documentId: work.stub.id, verdict: 'unknown' } }
    return { kind: 'loaded', work, document }
  } catch (error) {
    context.signal.throwIfAborted()
    if (endsTheRun(error)) throw error
    const transient = isLoaderError(error) && error.kind === 'transient'
    unreachable.inARow = transient ? unreachable.inARow + 1 : 0
    if (unreachable.inARow >= UNREACHABLE_AFTER) throw error
    const reported = reportedError(error)
    context.logger.warn('document failed', { document: work.stub.id, code: reported.code, error: reported.message })
    return { kind: 'failed', stub: work.stub, error: reported }
  } finally {
    context.metrics.recordMetric('document_load_ms', context.now() - started)
  }
}

async function fetchWithRetries(work: ReadWork, context: LoadContext): Promise<SourceDocument | 'gone'> {
  const { settings, signal } = context
  return retrying(
    () =>
      withDeadline(
        () => context.connector.fetch(work.stub, signal),
        settings.documentTimeoutMs,
        signal,
        (ms) => documentTimedOut(work.stub.id, ms),
      ),
    { policy: settings.retry, sleep: context.sleep, now: context.now, signal },
  )
}

/** Errors that the other documents would meet as well. */
function endsTheRun(error: unknown): boolean {
  return isLoaderError(error) && (error.kind === 'auth' || error.kind === 'config')
}

function documentTimedOut(id: string, ms: number): LoaderError {
  return new LoaderError({
    code: 'document_timeout',
    kind: 'transient',
    message: `${id}: reading took longer than ${ms} ms`,
    hint: 'The next run tries it again. If it keeps failing, raise ingestion.parallel.timeout.',
  })
}
