import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { decodeText } from '@qdrant-loader/content'
import type { HttpClient, HttpResponse } from '@qdrant-loader/http'
import robotsParser from 'robots-parser'
import { publicDocsError } from '../codes.ts'

/** The name under which robots.txt may speak to us. */
export const ROBOTS_NAME = 'qdrant-loader'

/** The package is CommonJS whose types speak of an ES module: its export is the function itself. */
const parseRules = robotsParser as unknown as typeof robotsParser.default

/** RFC 9309, 2.5: at least this much is read. */
const LARGEST = 500 * 1_024
/** No URL that is requested is longer, so no longer rule can matter; matching it could take for ever. */
const LONGEST_LINE = 2_000

/** What robots.txt says to us. */
export interface RobotsRules {
  allows(url: URL): boolean
  /** Milliseconds between two requests; 0 when nothing is asked for. */
  readonly crawlDelayMs: number
  /** URLs of sitemaps, as written. */
  readonly sitemaps: readonly string[]
}

/** A site without robots.txt. */
export const NO_RULES: RobotsRules = { allows: () => true, crawlDelayMs: 0, sitemaps: [] }

/** Reads the rules of a robots.txt. What is no rule is ignored, so any text will do. */
export function parseRobots(url: URL, text: string): RobotsRules {
  const lines = text.replace(/^\uFEFF/, '').slice(0, LARGEST).split(/\r\n|\r|\n/)
  const robots = parseRules(url.href, lines.filter((line) => line.length <= LONGEST_LINE).join('\n'))
  const delay = robots.getCrawlDelay(ROBOTS_NAME) ?? 0
  return {
    // Undefined: another scheme or host, of which this file says nothing.
    allows: (page) => robots.isAllowed(page.href, ROBOTS_NAME) ?? true,
    crawlDelayMs: delay > 0 ? delay * 1_000 : 0,
    sitemaps: robots.getSitemaps(),
  }
}

/**
 * Fetches robots.txt of the origin by the rules of RFC 9309: redirects are followed (2.3.1.2), 4xx means that there
 * are no rules (2.3.1.3), and a server that fails or cannot be reached must be left alone (2.3.1.4).
 *
 * @throws LoaderError `public_docs_robots_unreachable`, transient; the signal's reason.
 */
export async function fetchRobots(client: Pick<HttpClient, 'request'>, origin: string, signal: AbortSignal): Promise<RobotsRules> {
  const url = new URL('/robots.txt', origin)
  const response = await request(client, url, signal)
  if (response?.status !== 200) return NO_RULES
  return parseRobots(url, decodeText(response.body, response.headers.get('content-type') ?? undefined, { html: false }).text)
}

async function request(client: Pick<HttpClient, 'request'>, url: URL, signal: AbortSignal): Promise<HttpResponse | undefined> {
  try {
    return await client.request({ url, signal, headers: { accept: 'text/plain' }, redirect: { allows: () => true } })
  } catch (error) {
    signal.throwIfAborted()
    if (!isLoaderError(error) || error.kind === 'config') throw error
    if (isUnavailable(error)) return undefined
    throw publicDocsError('public_docs_robots_unreachable', { host: url.host, reason: error.message }, { cause: error })
  }
}

/** RFC 9309, 2.3.1.2: after five redirects it may count as unavailable, which is like 4xx. */
function isUnavailable(error: LoaderError): boolean {
  return error.code === 'http_too_many_redirects' || error.code === 'http_redirect_refused'
}
