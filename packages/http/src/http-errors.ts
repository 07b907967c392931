import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import { AddressRefused } from './address-guard.ts'
import { HttpStatusError } from './http-status-error.ts'
import { proxyRefusal, tunnelStatus } from './proxy-errors.ts'
import { printableUrl } from './printable-url.ts'

const LATER = 'Check the network and the address, and run the sync again. Nothing was deleted.'

/** Codes with which Node refuses a certificate (OpenSSL's verification errors). */
const CERTIFICATE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|INVALID_CA|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)/

/** What went wrong while talking to a server, as a LoaderError. Errors that are one already stay as they are. */
export function transportError(error: unknown, url: URL, proxy?: URL): LoaderError {
  if (isLoaderError(error)) return error
  const refusedBy = proxy === undefined ? undefined : tunnelStatus(error)
  if (proxy !== undefined && refusedBy !== undefined) return proxyRefusal(refusedBy, proxy, url)
  const refused = findRefusal(error)
  if (refused !== undefined) return addressRefused(refused, error)
  const code = codeOf(error)
  const where = printableUrl(url)
  if (CERTIFICATE.test(code)) {
    return new LoaderError({
      code: 'http_certificate',
      kind: 'config',
      message: `The certificate of ${url.host} was not accepted (${code})`,
      hint: 'Let Node know your certificate authority: set NODE_EXTRA_CA_CERTS to its PEM file.',
      cause: error,
    })
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new LoaderError({
      code: 'http_bad_request',
      kind: 'config',
      message: `The request to ${where} cannot be sent: its address or a header holds characters that HTTP does not allow`,
      hint: 'Check the address and the credentials for line breaks and other invisible characters.',
    })
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || (error instanceof Error && error.name === 'HTTPParserError')) {
    return new LoaderError({
      code: 'http_bad_response',
      kind: 'transient',
      message: `${where} answered with something that is no HTTP`,
      hint: 'Check that the address and the port belong to a web server, then run the sync again.',
      // The parser's error holds the bytes that it could not read, whatever they say.
    })
  }
  return new LoaderError({
    code: 'http_unreachable',
    kind: 'transient',
    message: `${where} could not be read${proxy === undefined ? '' : ` through the proxy ${proxy.host}`}: ${reason(code, proxy ?? url)}`,
    hint: proxy === undefined ? LATER : `Check the proxy, or name ${url.hostname} in NO_PROXY so that it is asked directly. Nothing was deleted.`,
    cause: error,
  })
}

function reason(code: string, url: URL): string {
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
  return new LoaderError({
    code: 'http_timeout',
    kind: 'transient',
    message: `${printableUrl(url)} did not answer completely within ${timeoutMs / 1000} s`,
    hint: LATER,
  })
}

/** The error of a status that stayed after all attempts: 429 and the 5xx. */
export function statusError(status: number, url: URL, retryAfter: number | undefined): HttpStatusError {
  const limited = status === 429
  return new HttpStatusError({
    code: limited ? 'http_rate_limited' : 'http_server_error',
    kind: 'transient',
    status,
    message: limited ? `${url.host} refuses more requests for now (429)` : `${printableUrl(url)} answered ${status}`,
    hint: limited ? 'Run the sync again later, with fewer requests a minute. Nothing was deleted.' : LATER,
    rateLimited: limited,
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
  })
}

/** The URL of a request is not one that may be asked for. */
export function badUrl(url: string | URL, why: string): LoaderError {
  return new LoaderError({
    code: 'http_bad_url',
    kind: 'config',
    message: `${printableUrl(url)} cannot be asked for: ${why}`,
    hint: 'Use an http or https address without user and password; credentials have keys of their own.',
  })
}

function addressRefused(refused: AddressRefused, cause: unknown): LoaderError {
  return new LoaderError({
    code: 'http_address_refused',
    kind: 'config',
    message: `${refused.host} is not on the public internet, so it was not connected to`,
    hint: 'If it is meant to be read, set `allow_private_networks: true` at this source.',
    cause,
  })
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
