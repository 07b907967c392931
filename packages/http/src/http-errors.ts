import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { AddressRefused } from './address-guard.ts'
import { httpError } from './codes.ts'
import { HttpStatusError } from './http-status-error.ts'
import { proxyRefusal, tunnelStatus } from './proxy-errors.ts'
import { printableUrl } from './printable-url.ts'

/** Codes with which Node refuses a certificate (OpenSSL's verification errors). */
const CERTIFICATE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|INVALID_CA|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)/

/** What went wrong while talking to a server, as a LoaderError. Errors that are one already stay as they are. */
export function transportError(error: unknown, url: URL, proxy?: URL): LoaderError {
  if (isLoaderError(error)) return error
  const refusedBy = proxy === undefined ? undefined : tunnelStatus(error)
  if (proxy !== undefined && refusedBy !== undefined) return proxyRefusal(refusedBy, proxy, url)
  const refused = findRefusal(error)
  if (refused !== undefined) return httpError('http_address_refused', { host: refused.host }, { cause: error })
  const code = codeOf(error)
  const address = printableUrl(url)
  if (CERTIFICATE.test(code)) return httpError('http_certificate', { host: url.host, code }, { cause: error })
  if (code === 'UND_ERR_INVALID_ARG') return httpError('http_bad_request', { address })
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || (error instanceof Error && error.name === 'HTTPParserError')) {
    // Without its cause: the parser's error holds the bytes that it could not read, whatever they say.
    return httpError('http_bad_response', { address })
  }
  const reason = reasonOf(code, proxy ?? url)
  if (proxy === undefined) return httpError('http_unreachable', { address, reason }, { cause: error })
  return httpError('http_unreachable/through_proxy', { address, proxy: proxy.host, reason, host: url.hostname }, { cause: error })
}

function reasonOf(code: string, url: URL): string {
  switch (code) {
    case 'ENOTFOUND':
      return `no address is known for ${url.hostname}`
    case 'EAI_AGAIN':
      return `the name server did not answer for ${url.hostname}`
    case 'ECONNREFUSED':
      return 'the connection was refused'
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'UND_ERR_ABORTED':
      return 'the connection was cut before the answer was complete'
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'the connection was not accepted in time'
    default:
      return code === '' ? 'the connection failed' : `the connection failed (${code})`
  }
}

/** No complete answer came within the limit of one attempt. */
export function timedOut(url: URL, timeoutMs: number): LoaderError {
  return httpError('http_timeout', { address: printableUrl(url), seconds: timeoutMs / 1000 })
}

/** The error of a status that stayed after all attempts: 429 and the 5xx. */
export function statusError(status: number, url: URL, retryAfter: number | undefined): HttpStatusError {
  const limited = status === 429
  return new HttpStatusError({
    ...(limited
      ? httpError.describe('http_rate_limited', { host: url.host })
      : httpError.describe('http_server_error', { address: printableUrl(url), status })),
    status,
    rateLimited: limited,
    retryAfterMs: retryAfter,
  })
}

/** The URL of a request is not one that may be asked for. */
export function badUrl(url: string | URL, reason: string): LoaderError {
  return httpError('http_bad_url', { address: printableUrl(url), reason })
}

function findRefusal(error: unknown): AddressRefused | undefined {
  if (error instanceof AddressRefused) return error
  if (error instanceof AggregateError) return error.errors.find((inner) => inner instanceof AddressRefused)
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof AddressRefused ? cause : undefined
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const code = (error as { code?: unknown }).code
  if (typeof code === 'string') return code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error ? codeOf(error.cause) : ''
}
