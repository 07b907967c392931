import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { httpError } from './codes.ts'
import { printableUrl } from './printable-url.ts'
import type { RedirectHop, RedirectPolicy } from './request.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * Headers that go along to another origin. Everything else may be a credential (`authorization`, `cookie`,
 * `x-api-key`, …) and stays behind.
 */
const HARMLESS = new Set(['accept', 'accept-language', 'user-agent'])

/** Validators speak of one resource; another one may well answer 304 to them, with a content that nobody has read. */
const CONDITIONS = new Set(['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range'])

/** So much of a secret in an address is no chance. */
const SHORTEST_REPEATED = 16

/** The status and headers of an answer. */
export interface AnswerHead {
  readonly status: number
  readonly headers: Headers
}

/** Where an answer redirects to; undefined when it is none, or the policy leaves redirects to the caller. */
export function redirectTarget(
  answer: AnswerHead,
  from: URL,
  method: string,
  policy: RedirectPolicy,
): URL | undefined {
  const header = answer.headers.get('location')
  if (policy === 'manual' || !REDIRECTS.has(answer.status) || header === null) return undefined
  // Many servers write it in UTF-8 without encoding it, and `Headers` hold bytes.
  const location = Buffer.from(header, 'latin1').toString()
  if (!URL.canParse(location, from.href)) throw refused(from, undefined, 'the target is no URL')
  const to = new URL(location, from)
  to.hash = ''
  if (to.protocol !== 'http:' && to.protocol !== 'https:') throw refused(from, to, 'the target is no web address')
  if (to.username !== '' || to.password !== '') throw refused(from, to, 'the target holds a user or a password')
  if (policy === 'same-origin' ? to.origin !== from.origin : !policy.allows(to)) {
    throw refused(from, to, 'the target is not part of what may be read')
  }
  if (method === 'POST' || method === 'PUT') {
    if (answer.status !== 307 && answer.status !== 308) throw refused(from, to, `a ${method} would lose its body`)
  }
  return to
}

/**
 * An address with one of our secrets in it would be asked for, kept and shown as any other; no honest server has a
 * reason to send one.
 */
export function checkLocation(answer: AnswerHead, from: URL, redact: (text: string) => string): void {
  const location = answer.headers.get('location')
  if (!REDIRECTS.has(answer.status) || location === null) return
  // An address that was configured with a secret in it keeps it.
  if (redact(from.href) !== from.href) return
  const target = withoutUserInfo(location, from)
  const shown = redact(target)
  // `***` stands for each stretch. Shorter ones are words that a password and an address may share.
  if (target.length - shown.length + 3 * (shown.split('***').length - 1) >= SHORTEST_REPEATED) {
    throw refused(from, undefined, 'the target repeats a secret of the configuration')
  }
}

/** The headers of the request that follows a redirect. */
export function headersAfterRedirect(headers: Readonly<Record<string, string>>, from: URL, to: URL): Record<string, string> {
  const same = from.origin === to.origin
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => {
      const lower = name.toLowerCase()
      return !CONDITIONS.has(lower) && (same || HARMLESS.has(lower))
    }),
  )
}

/** Refuses a chain that is too long or comes back to where it was. */
export function checkChain(hops: readonly RedirectHop[], to: URL, maxRedirects: number): void {
  const circle = hops.some((hop) => hop.from === to.href)
  if (!circle && hops.length <= maxRedirects) return
  const start = hops[0]?.from ?? to.href
  throw httpError('http_too_many_redirects', {
    address: printableUrl(start),
    way: circle ? 'in a circle' : `more than ${maxRedirects} times`,
  })
}

function withoutUserInfo(location: string, from: URL): string {
  if (!URL.canParse(location, from.href)) return location
  const target = new URL(location, from)
  // These are refused by themselves, and said so.
  target.username = ''
  target.password = ''
  return target.href
}

function refused(from: URL, to: URL | undefined, reason: string): LoaderError {
  const target = to === undefined ? undefined : printableUrl(to)
  return httpError('http_redirect_refused', { address: printableUrl(from), target, reason })
}
