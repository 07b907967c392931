import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import { printableUrl } from '@qdrant-loader/http'

/** `base_url` answers, and not with documentation. */
export function baseMissing(url: URL, status: number): LoaderError {
  return new LoaderError({
    code: 'public_docs_base_missing',
    kind: 'config',
    message: `${printableUrl(url)} answered ${status}, and there is no sitemap to start from`,
    hint: `Set \`base_url\` to an address that a reader can open. Nothing was deleted.`,
  })
}

/** `base_url` has moved away, permanently or not. */
export function baseElsewhere(url: URL, to: string): LoaderError {
  return new LoaderError({
    code: 'public_docs_base_moved',
    kind: 'config',
    message: `${printableUrl(url)} redirects to ${printableUrl(to)}, which is not part of the configured site`,
    hint: `Set \`base_url\` to the new address if the documentation has moved there. Nothing was deleted.`,
  })
}

/** robots.txt forbids the start page. */
export function baseDisallowed(url: URL): LoaderError {
  return new LoaderError({
    code: 'public_docs_disallowed',
    kind: 'config',
    message: `robots.txt of ${url.host} forbids reading ${printableUrl(url)}`,
    hint: `Ask the owner of the site, choose another \`base_url\`, or, if the site is yours, set \`respect_robots: false\`. Nothing was deleted.`,
  })
}

/** A page that wants to know who is asking. */
export function notAllowedIn(url: URL, what: string): LoaderError {
  return new LoaderError({
    code: 'public_docs_not_public',
    kind: 'auth',
    message: `${printableUrl(url)} ${what}`,
    hint: `Exclude the page, or set \`auth\` or \`headers\` to sign in. Nothing was deleted.`,
  })
}

/** Like {@link notAllowedIn}, for one page of many: it goes to the failure ledger, and the others go on. */
export function asDocumentError(error: LoaderError): LoaderError {
  if (error.kind === 'document') return error
  return new LoaderError({ code: error.code, kind: 'document', message: error.message, hint: error.hint, cause: error })
}

/** Page after page could not be reached. */
export function siteUnreachable(host: string, last: LoaderError): LoaderError {
  return new LoaderError({
    code: 'public_docs_unreachable',
    kind: 'transient',
    message: `${host} stopped answering; last: ${last.message}`,
    hint: `Run the sync again later; it goes on where it was. Nothing was deleted.`,
    cause: last,
    ...(last.retryAfterMs !== undefined && { retryAfterMs: last.retryAfterMs }),
  })
}

/** Without its robots.txt nobody knows what may be read (RFC 9309, 2.3.1.4). */
export function robotsUnreachable(url: URL, cause: LoaderError): LoaderError {
  return new LoaderError({
    code: 'public_docs_robots_unreachable',
    kind: 'transient',
    message: `${printableUrl(url)} could not be read, so it is not known which pages may be read: ${cause.message}`,
    hint: `Run the sync again later, or, if the site is yours, set \`respect_robots: false\`. Nothing was deleted.`,
    cause,
  })
}

/** A pace at which a crawl does not end. */
export function crawlDelayTooLong(host: string, seconds: number): LoaderError {
  return new LoaderError({
    code: 'public_docs_crawl_delay',
    kind: 'config',
    message: `robots.txt of ${host} asks for ${seconds} s between two requests`,
    hint: 'Ask the owner of the site for a copy of the documentation, or, if the site is yours, set `respect_robots: false`.',
  })
}

/** The configured sitemap cannot be used. */
export function sitemapUnusable(url: string, why: string, cause?: unknown): LoaderError {
  const transient = isLoaderError(cause) && cause.kind === 'transient'
  return new LoaderError({
    code: 'public_docs_sitemap',
    kind: transient ? 'transient' : 'config',
    message: `the sitemap ${printableUrl(url)} cannot be used: ${why}`,
    hint: `Check \`sitemap\`; \`auto\` finds it through robots.txt, \`off\` does without. Nothing was deleted.`,
    ...(cause !== undefined && { cause }),
  })
}

/** A parked domain or a maintenance page. */
export function sameAnswerEverywhere(url: URL): LoaderError {
  return new LoaderError({
    code: 'public_docs_same_answer',
    kind: 'transient',
    message: `${url.host} answers every address with the same page, which it did not do before`,
    hint: `Open ${printableUrl(url)} in a browser: it may be under maintenance or have another owner. Nothing was deleted.`,
  })
}

/** A redirect that never ends at a page. */
export function redirectLoop(url: URL): LoaderError {
  return new LoaderError({
    code: 'public_docs_redirect_loop',
    kind: 'document',
    message: `${printableUrl(url)} redirects in a circle, or too often`,
    hint: 'Open the address in a browser; exclude it if it leads nowhere there either.',
  })
}
