import { type ErrorKind, LoaderError } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

/** What went wrong with one attempt. */
export type QdrantFailure =
  | { readonly kind: 'status'; readonly status: number; readonly text: string; readonly fromQdrant: boolean }
  | { readonly kind: 'network'; readonly text: string }
  /** Longer than what was asked for can be; nothing of it was kept. */
  | { readonly kind: 'oversized'; readonly text: string }
  | { readonly kind: 'unapplied'; readonly text: string }

const apiErrorSchema = z.object({ status: z.number(), data: z.unknown() })
const bodySchema = z.object({ status: z.object({ error: z.string() }) })

/**
 * Understands what the client threw. Its error classes are not all exported, so their shape is looked at. What the
 * server said is redacted before it is cut.
 */
export function failureOf(error: unknown, redact: (text: string) => string): QdrantFailure {
  const api = apiErrorSchema.safeParse(error)
  if (api.success) {
    const body = bodySchema.safeParse(api.data.data)
    const raw = typeof api.data.data === 'string' ? api.data.data : ''
    const text = body.success ? body.data.status.error : raw
    return { kind: 'status', status: api.data.status, text: oneLine(redact(text)), fromQdrant: body.success }
  }
  const oversized = causesOf(error).find(({ name }) => name === 'AnswerTooLarge')
  if (oversized !== undefined) return { kind: 'oversized', text: oversized.message }
  const message = error instanceof Error ? error.message : String(error)
  // The client's two ways to say 429 when the answer has a `Retry-After`.
  if (nameOf(error).startsWith('QdrantClientResourceExhausted') || message.startsWith('Invalid retryAfter value')) {
    return { kind: 'status', status: 429, text: 'Too many requests', fromQdrant: true }
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return { kind: 'network', text: oneLine(redact(`${message}${cause}`)) }
}

/** True when the same request may succeed later. */
function isRetryable(failure: QdrantFailure): boolean {
  if (failure.kind === 'oversized') return false
  return failure.kind !== 'status' || [408, 425, 429, 500, 502, 503, 504].includes(failure.status)
}

/** True when the server works, and wants fewer requests. */
function isRateLimited(failure: QdrantFailure): boolean {
  return failure.kind === 'status' && failure.status === 429
}

/** True when the server (or a proxy before it) says that the request is too long. */
export function isTooLarge(failure: QdrantFailure): boolean {
  if (failure.kind !== 'status') return false
  // A request that is larger than what the rate limiter holds is refused for ever: no wait helps.
  if (failure.status === 429) return /larger than rate limiter|split/i.test(failure.text)
  return failure.status === 413 || (failure.status === 400 && /larger than allowed/.test(failure.text))
}

/** The error for a failure that is final, or that stayed after every retry. */
export function storeErrorFromFailure(
  failure: QdrantFailure,
  what: string,
  location: string,
  retryAfterMs: number | undefined,
  cause: unknown,
): LoaderError {
  const { code, kind, hint, says } = describe(failure)
  const detail = failure.text === '' ? '' : `: ${failure.text}`
  const message = `Qdrant at ${location} ${says} while ${what}${detail}`
  return new LoaderError({
    code,
    kind,
    message: message.endsWith('.') ? message : `${message}.`,
    hint,
    cause,
    rateLimited: isRateLimited(failure),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

interface Description {
  readonly code: string
  readonly kind: ErrorKind
  readonly says: string
  readonly hint: string
}

const REPORT = 'Report this error together with the log of a run with `--log-level debug`.'

function describe(failure: QdrantFailure): Description {
  if (failure.kind === 'network') return unreachable('could not be reached')
  if (failure.kind === 'oversized') {
    return {
      code: 'store_answer_too_large',
      kind: 'config',
      says: 'did not answer like Qdrant',
      hint: 'Check that `qdrant.url` names a Qdrant server, and what a proxy before it does. A point that is really that large belongs to another program.',
    }
  }
  if (failure.kind === 'unapplied') {
    return {
      code: 'store_not_applied',
      kind: 'transient',
      says: 'did not apply a change in time',
      hint: 'The server is overloaded or still optimising. Run the command again later, or raise `qdrant.timeout`.',
    }
  }
  return isRetryable(failure)
    ? unreachable(`answered ${failure.status}`)
    : describeFinalStatus(failure.status, failure.text, failure.fromQdrant)
}

function unreachable(says: string): Description {
  return {
    code: 'store_unreachable',
    kind: 'transient',
    says,
    hint: 'Check that the server runs and that `qdrant.url` names its REST port (6333), then run the command again.',
  }
}

function describeFinalStatus(status: number, text: string, fromQdrant: boolean): Description {
  const says = `answered ${status}`
  if (status === 401 || status === 403) {
    const hint = 'Set `qdrant.api_key` to a key that may read and write this collection.'
    return { code: 'store_unauthorized', kind: 'auth', says, hint }
  }
  if (status === 507) {
    const hint = 'Free space on the server or raise its storage quota, then run the command again. Nothing is lost.'
    return { code: 'store_quota_exceeded', kind: 'config', says, hint }
  }
  if (status === 413 || /larger than allowed/.test(text)) {
    const hint = 'Raise `service.max_request_size_mb` of the server (or the limit of the proxy before it).'
    return { code: 'store_request_too_large', kind: 'config', says, hint }
  }
  if (status === 404 && fromQdrant) {
    const hint = 'The collection was removed while it was used. Run the command again: the next sync builds it again.'
    return { code: 'store_collection_missing', kind: 'config', says, hint }
  }
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    const hint = 'Correct `qdrant.url`: scheme, host, port (6333 for REST) and the path prefix, without redirects.'
    return { code: 'store_url_wrong', kind: 'config', says, hint }
  }
  if (status === 400 && /dimension|strict mode|Index required|limit|not allowed/i.test(text)) {
    const hint = "Check the collection's vector size and its strict mode settings on the server."
    return { code: 'store_request_refused', kind: 'config', says, hint }
  }
  return { code: 'store_request_refused', kind: 'internal', says, hint: REPORT }
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = []
  for (let at = error; at instanceof Error && causes.length < 5; at = at.cause) causes.push(at)
  return causes
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= 500 ? line : `${line.slice(0, 500)}…`
}
