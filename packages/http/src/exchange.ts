import type { Dispatcher } from 'undici'
import { timedOut, transportError } from './http-errors.ts'
import { proxyRefusal } from './proxy-errors.ts'
import { readBody } from './read-body.ts'

/** One request as it goes over the wire. */
export interface ExchangeRequest {
  readonly url: URL
  /** The proxy that it goes through. */
  readonly proxy?: URL | undefined
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** One answer, whole. */
export interface ExchangeAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

const EMPTY = new Uint8Array()

/**
 * Sends one request and reads its whole answer within one limit of time.
 *
 * @throws the signal's reason when it is aborted; a LoaderError for everything else.
 */
export async function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<ExchangeAnswer> {
  request.signal.throwIfAborted()
  const attempt = new AbortController()
  const abort = (): void => attempt.abort(request.signal.reason)
  request.signal.addEventListener('abort', abort, { once: true })
  const timer = setTimeout(() => attempt.abort(timedOut(request.url, request.timeoutMs)), request.timeoutMs)
  try {
    return await send(dispatcher, request, attempt.signal)
  } catch (error) {
    request.signal.throwIfAborted()
    // An aborted attempt that was not aborted from outside has run out of time; the socket's error says less.
    throw transportError(attempt.signal.aborted ? attempt.signal.reason : error, request.url, request.proxy)
  } finally {
    clearTimeout(timer)
    request.signal.removeEventListener('abort', abort)
  }
}

async function send(dispatcher: Dispatcher, request: ExchangeRequest, signal: AbortSignal): Promise<ExchangeAnswer> {
  const answer = await dispatcher.request({
    origin: request.url.origin,
    path: `${request.url.pathname}${request.url.search}`,
    method: request.method,
    headers: request.headers,
    ...(request.body === undefined ? {} : { body: request.body }),
    signal,
  })
  const headers = headersOf(answer.headers)
  const status = answer.statusCode
  if (status === 407 && request.proxy !== undefined) {
    await answer.body.dump()
    throw proxyRefusal(status, request.proxy, request.url)
  }
  if (request.method === 'HEAD' || status === 204 || status === 304) {
    await answer.body.dump()
    return { status, headers, body: EMPTY }
  }
  return { status, headers, body: await readBody(answer.body, headers, request.maxBytes, request.url) }
}

function headersOf(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(raw)) {
    for (const value of typeof values === 'string' ? [values] : (values ?? [])) {
      headers.append(name, value)
    }
  }
  return headers
}
