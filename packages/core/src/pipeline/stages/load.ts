import { type DocumentStub, ERROR_KINDS, isLoaderError, retrying, type SourceDocument } from '@qdrant-loader/connector-sdk'
import { withDeadline } from '../../performance/deadline.ts'
import { ParallelProcessor } from '../../performance/parallel-processor.ts'
import { redactValue } from '../../secrets/redact-value.ts'
import { pipelineError } from '../context/codes.ts'
import { reportedError } from '../context/reported-error.ts'
import type { RunContext } from '../context/run-context.ts'
import { Reachability } from './reachability.ts'
import type { LoadedWork, ReadWork, Work } from './work.ts'

/** What reading needs of a run. */
export type LoadContext = Pick<
  RunContext,
  'reader' | 'check' | 'settings' | 'signal' | 'logger' | 'metrics' | 'now' | 'sleep' | 'progress' | 'redact' | 'holdsSecret'
>

/**
 * Reads the content of what is new, several documents at once, in order. A document that fails goes on as `failed`
 * (I10); credentials, configuration and a source that stays unreachable end the run.
 */
export function load(works: AsyncIterable<Work>, context: LoadContext): AsyncIterable<LoadedWork> {
  const reachability = new Reachability(context.check)
  return new ParallelProcessor(context.settings).processDocuments(works, async (work) =>
    work.kind === 'read' ? loadOne(work, context, reachability) : work,
  )
}

type Loaded = Extract<LoadedWork, { readonly kind: 'loaded' | 'seen' | 'remove' | 'failed' }>

/** Reads one document, with retries. `reachability` is told what came of it. */
export async function loadOne(work: ReadWork, context: LoadContext, reachability: Reachability): Promise<Loaded> {
  const loaded = await readOne(work, context, reachability)
  return loaded.kind === 'loaded' ? withoutSecrets(loaded, context) : loaded
}

async function readOne(
  work: ReadWork,
  context: LoadContext,
  reachability: Reachability,
): Promise<Loaded> {
  if (work.document !== undefined) return { kind: 'loaded', work, document: work.document }
  const { inFlight } = context.progress
  const started = context.now()
  inFlight.reading += 1
  try {
    const document = await fetchWithRetries(work, context)
    reachability.reached()
    if (document === 'gone' && work.vouchedFor) return { kind: 'seen', documentId: work.stub.id }
    if (document === 'gone') return { kind: 'remove', deletion: { documentId: work.stub.id, verdict: 'unknown' } }
    return { kind: 'loaded', work, document }
  } catch (error) {
    context.signal.throwIfAborted()
    if (endsTheRun(error)) throw error
    if (isLoaderError(error) && error.kind === 'transient') await reachability.missed(context.signal)
    else reachability.reached()
    const reported = reportedError(error)
    context.logger.warn('document failed', { document: work.stub.id, code: reported.code, error: reported.message })
    return { kind: 'failed', stub: work.stub, error: reported }
  } finally {
    inFlight.reading -= 1
    context.metrics.recordMetric('document_load_ms', context.now() - started)
  }
}

/**
 * A document that repeats one of our secrets (a page that shows its request, a repository with the token in it) would
 * hand it to everybody who searches. It fails until the secret is another one; then the retry takes it.
 */
function withoutSecrets(loaded: Extract<Loaded, { readonly kind: 'loaded' }>, context: Pick<LoadContext, 'redact' | 'holdsSecret' | 'logger'>): Loaded {
  const { stub, text, title = '', metadata = {} } = loaded.document
  const listed = context.holdsSecret(JSON.stringify([stub.location, stub.metadata]))
  if (!listed && !context.holdsSecret(text) && !context.holdsSecret(JSON.stringify([title, metadata]))) return loaded
  const error = pipelineError.describe('document_repeats_secret', { id: stub.id })
  context.logger.warn('document failed', { document: stub.id, code: error.code, error: error.message })
  return { kind: 'failed', stub: listed ? redactedStub(stub, context) : stub, error }
}

/** For the ledger. The version tells the next listing that these are not the values of the source. */
function redactedStub(stub: DocumentStub, { redact }: Pick<LoadContext, 'redact'>): DocumentStub {
  const redacted = <Value>(value: Value): Value => redactValue({ redact }, value, Infinity) as Value
  const { location, metadata } = stub
  return { ...stub, metadataVersion: 'redacted', location: redacted(location), ...(metadata === undefined ? {} : { metadata: redacted(metadata) }) }
}

async function fetchWithRetries(work: ReadWork, context: LoadContext): Promise<SourceDocument | 'gone'> {
  const { settings, signal } = context
  return retrying(
    () =>
      withDeadline(
        () => context.reader.read(work.stub, signal),
        settings.documentTimeoutMs,
        signal,
        (ms) => pipelineError('document_timeout', { id: work.stub.id, ms }),
      ),
    { policy: settings.retry, sleep: context.sleep, now: context.now, signal },
  )
}

/** Errors that the other documents would meet as well. */
function endsTheRun(error: unknown): boolean {
  return isLoaderError(error) && !ERROR_KINDS[error.kind].failsAlone
}
