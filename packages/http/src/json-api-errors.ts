import type { ErrorDescription, LoaderError } from '@qdrant-loader/connector-sdk'
import { httpError } from './codes.ts'
import { HttpStatusError } from './http-status-error.ts'
import { printableText } from './printable-text.ts'
import { printableUrl } from './printable-url.ts'
import type { HttpResponse } from './request.ts'

/** Jira and Confluence say so when they answer as if nobody had signed in, with a shorter listing. */
const DENIED = /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/

/** Words in an HTML page that asks for a sign-in. */
const LOGIN = /type\s*=\s*["']?password|(?:log|sign)[\s-]?[io]n\b|\bsso\b|\bsaml/i

/** The body of an answer as text. */
function textOf(response: HttpResponse): string {
  return new TextDecoder().decode(response.body)
}

/** Throws unless the answer is one that the API gave to somebody who signed in. */
export function checkStatus(response: HttpResponse, accept: readonly number[], redact: (text: string) => string): void {
  const { status } = response
  const denied = DENIED.test(response.headers.get('x-seraph-loginreason') ?? '')
  const reason = response.headers.get('x-authentication-denied-reason') ?? ''
  if (status >= 400 && /CAPTCHA/i.test(reason)) throw captchaAsked(response.url, status, redact(reason))
  if ((status >= 200 && status < 300 && !denied) || accept.includes(status)) return
  const detail = apiMessage(response, redact)
  const values = { address: printableUrl(response.url), said: detail === '' ? undefined : detail }
  throw new HttpStatusError({ ...describeStatus(denied ? 401 : status, { ...values, status }), status, detail })
}

function describeStatus(
  meant: number,
  { address, status, said }: { readonly address: string; readonly status: number; readonly said: string | undefined },
): ErrorDescription {
  if (meant === 401) return httpError.describe('http_unauthorized', { address, status, said })
  if (meant === 403) return httpError.describe('http_forbidden', { address, said })
  if (meant === 404) return httpError.describe('http_not_found', { address, said })
  return httpError.describe('http_status', { address, status, said })
}

/**
 * After several failed sign-ins Jira and Confluence of Data Center want a CAPTCHA to be solved, and refuse the right
 * credentials, too. The header says where: `CAPTCHA_CHALLENGE; login-url=https://…/login.jsp`.
 */
function captchaAsked(url: string, status: number, reason: string): HttpStatusError {
  const named = /login-url=([^\s;]+)/i.exec(reason)?.[1]
  const page = named !== undefined && URL.canParse(named, url) ? printableUrl(new URL(named, url)) : `the log-in page of ${new URL(url).host}`
  return new HttpStatusError({ ...httpError.describe('http_captcha', { address: printableUrl(url), status, page }), status })
}

/** The JSON value of a body. A page that asks for a sign-in is an error of credentials; anything else is retried. */
export function parseJson(response: HttpResponse): unknown {
  if (response.body.byteLength === 0 && (response.status === 204 || response.status === 205)) return null
  const text = textOf(response)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const html = /^\s*</.test(text) || (response.headers.get('content-type') ?? '').includes('html')
    if (html && LOGIN.test(text)) throw loginPage(response.url)
    const what = html ? 'a web page' : 'a body that is not complete JSON'
    // The parser's own message would quote the body.
    throw httpError('http_bad_json', { address: printableUrl(response.url), what }, { cause: error instanceof SyntaxError ? undefined : error })
  }
}

/** The API was asked, and a sign-in page answered. */
export function loginPage(url: string | URL): LoaderError {
  return httpError('http_login_page', { address: printableUrl(url) })
}

/** What the API says about an error, in the forms of Jira and Confluence; empty when it can't be understood. */
function apiMessage(response: HttpResponse, redact: (text: string) => string): string {
  let body: unknown
  try {
    body = JSON.parse(textOf(response))
  } catch {
    // No JSON, so there is nothing to quote: the status says it.
    return ''
  }
  if (typeof body !== 'object' || body === null) return ''
  const { errorMessages, errors, message } = body as { errorMessages?: unknown; errors?: unknown; message?: unknown }
  const said = [
    ...(typeof message === 'string' ? [message] : []),
    ...(Array.isArray(errorMessages) ? errorMessages : []),
    ...(Array.isArray(errors) ? errors.map(titleOf) : Object.values((errors as object | null | undefined) ?? {})),
  ]
  return printableText(redact(said.filter((part) => typeof part === 'string' && part !== '').join('; ')))
}

function titleOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error
  const { title, detail } = error as { title?: unknown; detail?: unknown }
  return typeof detail === 'string' && detail !== '' ? `${String(title)} (${detail})` : title
}
