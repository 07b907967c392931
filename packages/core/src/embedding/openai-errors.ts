import { isLoaderError, retryAfterMs } from '@qdrant-loader/connector-sdk'
import type { LoaderError, PassingFailure } from '@qdrant-loader/connector-sdk'
import { embeddingError } from './codes.ts'
import { badAnswer } from './normalise.ts'
import { RefusedRequest } from './openai-request.ts'

/** Who was asked what, for messages. */
export interface AskedServer {
  /** As in "embedding model m at https://…". */
  readonly name: string
  /** With its port. */
  readonly host: string
  readonly model: string
  /** Takes every secret out of what the server said. */
  readonly redact: (text: string) => string
  readonly timeoutMs: number
  readonly now: () => number
}

const LONGEST_MESSAGE = 300

/** Turns whatever a request threw into a LoaderError. Neither the key nor the error itself, which may hold it, gets in. */
export function embedderError(error: unknown, server: AskedServer, timedOut: boolean): LoaderError {
  const ours = ownErrorIn(error)
  if (ours !== undefined) return ours
  if (timedOut) return unreachable(server, `gave no answer within ${server.timeoutMs} ms`)
  if (error instanceof SyntaxError) return badAnswer(server.name, `something that is not JSON: ${oneLine(server.redact(error.message))}`)
  if (!(error instanceof RefusedRequest)) return unreachable(server, `could not be reached: ${oneLine(server.redact(causes(error)))}`)
  const { status, code, headers } = error
  const said = oneLine(server.redact(error.message))
  const values = { server: server.name, said }
  if (code === 'insufficient_quota') return embeddingError('embedder_quota_used_up', values)
  if (status === 401 || status === 403) return embeddingError('embedder_auth_failed', values)
  if (status === 404) return embeddingError('embedder_model_not_found', { ...values, model: server.model })
  if (status === 400 || status === 413 || status === 422) return embeddingError('embedder_input_refused', values)
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    return unreachable(server, `answered ${said}`, { retryAfterMs: retryAfterMs((name) => headers.get(name), server.now()), rateLimited: status === 429 })
  }
  return badAnswer(server.name, said)
}

/** `fetch` wraps what ends the reading of a body. */
function ownErrorIn(error: unknown): LoaderError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) if (isLoaderError(at)) return at as LoaderError
  return undefined
}

function unreachable({ name }: AskedServer, problem: string, { retryAfterMs: asked, rateLimited }: PassingFailure = {}): LoaderError {
  return embeddingError('embedder_unreachable', { server: name, problem }, { retryAfterMs: asked, rateLimited })
}

/** A refusal that any input meets is a matter of configuration: wrong dimensions, a model for another purpose. */
export function refusedEverything(server: AskedServer, refusal: LoaderError): LoaderError {
  return embeddingError('embedder_request_refused', { refusal: refusal.message, model: server.model })
}

/** The messages of an error and of what caused it: undici hides `ECONNREFUSED` two levels deep. */
function causes(error: unknown): string {
  const messages: string[] = []
  for (let at: unknown = error; at instanceof Error && messages.length < 4; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : ''
    const message = at.message === '' ? code : at.message.replace(/\.$/, '')
    if (message !== '' && !messages.includes(message)) messages.push(message)
  }
  return messages.length === 0 ? 'unknown error' : messages.join(': ')
}

/** One line of bounded length. */
function oneLine(message: string): string {
  const text = message.replace(/\s+/g, ' ').trim()
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text
}
