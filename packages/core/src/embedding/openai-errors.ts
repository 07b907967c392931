import { isLoaderError, LoaderError, retryAfterMs } from '@qdrant-loader/connector-sdk'
import type { PassingFailure } from '@qdrant-loader/connector-sdk'

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
  if (error instanceof SyntaxError) return badAnswer(`The ${server.name} answered something that is no JSON: ${oneLine(server.redact(error.message))}`)
  if (!(error instanceof RefusedRequest)) return unreachable(server, `could not be reached: ${oneLine(server.redact(causes(error)))}`)
  const { status, code, headers } = error
  const said = oneLine(server.redact(error.message))
  if (code === 'insufficient_quota') return quotaUsedUp(server, said)
  if (status === 401 || status === 403) return notAllowed(server, said)
  if (status === 404) return notFound(server, said)
  if (status === 400 || status === 413 || status === 422) return refused(server, said)
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    return unreachable(server, `answered ${said}`, { retryAfterMs: retryAfterMs((name) => headers.get(name), server.now()), rateLimited: status === 429 })
  }
  return badAnswer(`The ${server.name} answered ${said}`)
}

/** `fetch` wraps what ends the reading of a body. */
function ownErrorIn(error: unknown): LoaderError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) if (isLoaderError(at)) return at as LoaderError
  return undefined
}

function unreachable(server: AskedServer, what: string, { retryAfterMs: wait, rateLimited = false }: PassingFailure = {}): LoaderError {
  return new LoaderError({
    code: 'embedder_unreachable',
    kind: 'transient',
    message: `The ${server.name} ${what}`,
    hint: 'Check embedding.base_url and that the server is up, then run the command again. Nothing is lost.',
    rateLimited,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  })
}

function notAllowed(server: AskedServer, said: string): LoaderError {
  return new LoaderError({
    code: 'embedder_auth_failed',
    kind: 'auth',
    message: `The ${server.name} refused the credentials: ${said}`,
    hint: 'Set embedding.api_key to a key that may use this model.',
  })
}

function quotaUsedUp(server: AskedServer, said: string): LoaderError {
  return new LoaderError({
    code: 'embedder_quota_used_up',
    kind: 'auth',
    message: `The ${server.name} has no quota left for this key: ${said}`,
    hint: 'Raise the quota of the account, or set embedding.api_key to another key.',
  })
}

function notFound(server: AskedServer, said: string): LoaderError {
  return new LoaderError({
    code: 'embedder_model_not_found',
    kind: 'config',
    message: `The ${server.name} was not found: ${said}`,
    hint: `Check that the server has the model ${server.model}, and that embedding.base_url ends where /embeddings is to follow.`,
  })
}

function refused(server: AskedServer, said: string): LoaderError {
  return new LoaderError({
    code: 'embedder_input_refused',
    kind: 'document',
    message: `The ${server.name} refused an input: ${said}`,
    hint: 'Lower chunking.chunk_size below what the model takes, or leave the document out.',
  })
}

/** A refusal that any input meets is a matter of configuration: wrong dimensions, a model for another purpose. */
export function refusedEverything(server: AskedServer, refusal: LoaderError): LoaderError {
  return new LoaderError({
    code: 'embedder_request_refused',
    kind: 'config',
    message: refusal.message.replace('refused an input', 'refuses every request'),
    hint: `Check that ${server.model} is an embedding model, and embedding.dimensions.`,
  })
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
