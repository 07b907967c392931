import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import { storeError } from '../codes.ts'

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
  doing: string,
  location: string,
  retryAfterMs: number | undefined,
  cause: unknown,
): LoaderError {
  const said = failure.text === '' ? undefined : failure.text.replace(/\.$/, '')
  const status = failure.kind === 'status' ? failure.status : ''
  return storeError(meaningOf(failure), { location, doing, status, said }, { cause, retryAfterMs, rateLimited: isRateLimited(failure) })
}

function meaningOf(failure: QdrantFailure) {
  if (failure.kind === 'network') return 'store_unreachable'
  if (failure.kind === 'oversized') return 'store_answer_too_large'
  if (failure.kind === 'unapplied') return 'store_not_applied'
  return isRetryable(failure) ? 'store_unreachable/status' : meaningOfFinal(failure.status, failure.text, failure.fromQdrant)
}

function meaningOfFinal(status: number, text: string, fromQdrant: boolean) {
  if (status === 401 || status === 403) return 'store_unauthorized'
  if (status === 507) return 'store_quota_exceeded'
  if (status === 413 || /larger than allowed/.test(text)) return 'store_request_too_large'
  if (status === 404 && fromQdrant) return 'store_collection_missing/removed'
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) return 'store_url_wrong'
  const ofSettings = status === 400 && /dimension|strict mode|Index required|limit|not allowed/i.test(text)
  return ofSettings ? 'store_request_refused' : 'store_request_refused/defect'
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
