import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { printableUrl } from '@qdrant-loader/http'
import { publicDocsError } from './codes.ts'

/** `base_url` answers, and not with documentation. */
export function baseMissing(url: URL, status: number): LoaderError {
  return publicDocsError('public_docs_base_missing', { address: printableUrl(url), status })
}

/** `base_url` has moved away, permanently or not. */
export function baseElsewhere(url: URL, to: string): LoaderError {
  return publicDocsError('public_docs_base_moved', { address: printableUrl(url), target: printableUrl(to) })
}

/** robots.txt forbids the start page. */
export function baseDisallowed(url: URL): LoaderError {
  return publicDocsError('public_docs_disallowed', { host: url.host, address: printableUrl(url) })
}

/** A page that wants to know who is asking. */
export function notAllowedIn(url: URL, answer: string): LoaderError {
  return publicDocsError('public_docs_not_public', { address: printableUrl(url), answer })
}

/** Page after page could not be reached. */
export function siteUnreachable(host: string, last: LoaderError): LoaderError {
  return publicDocsError('public_docs_unreachable', { host, reason: last.message }, { cause: last, retryAfterMs: last.retryAfterMs })
}

/** The configured sitemap cannot be used. */
export function sitemapUnusable(url: string, reason: string, cause?: unknown): LoaderError {
  const transient = isLoaderError(cause) && cause.kind === 'transient'
  return publicDocsError(transient ? 'public_docs_sitemap/transient' : 'public_docs_sitemap', { address: printableUrl(url), reason }, { cause })
}
