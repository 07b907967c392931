import { createHash } from 'node:crypto'
import type { KnownDocuments } from '@qdrant-loader/connector-sdk'
import { contentVersion } from '../page/page-content.ts'
import type { Site } from '../site/site.ts'
import type { LastmodTrust } from '../sitemap/lastmod-trust.ts'
import type { SitemapPage } from '../sitemap/sitemap.ts'
import { ALTERNATIVE } from '../stub.ts'
import type { CrawlReading } from './crawl-step.ts'
import { knownPages } from './known-pages.ts'

/** Pages that each run asks for although their `lastmod` says that they did not change: 2 %, from 20 to 100. */
const SHARE = 0.02
const LEAST = 20
const MOST = 100

/** What a sample needs. */
export interface LastmodSampleDeps {
  readonly site: Site
  readonly known: KnownDocuments
  readonly pages: readonly SitemapPage[]
  readonly trust: LastmodTrust
  readonly fingerprint: string
}

/**
 * Asks for a few pages whose `lastmod` is unchanged, others in each run, before any request is spared: if one of them
 * changed all the same, the trust is gone before it does harm. The answers are used when the crawl comes to them.
 */
export async function sampleReadings(deps: LastmodSampleDeps, signal: AbortSignal): Promise<Map<string, CrawlReading>> {
  const { site, known, pages, trust, fingerprint } = deps
  const size = Math.min(MOST, Math.max(LEAST, Math.ceil(pages.length * SHARE)))
  const chosen = new Map(lowest(pages.filter(({ lastmod }) => lastmod !== undefined), size, trust.round).map((page) => [page.id, page]))
  const readings = new Map<string, CrawlReading>()
  const recorded = await knownPages(known, [...chosen.keys()], fingerprint)
  await Promise.all(
    [...recorded].map(async ([id, page]) => {
      const { url, lastmod } = chosen.get(id) ?? {}
      if (url === undefined || lastmod === undefined || page?.validators?.s !== lastmod || url.href === site.scope.start.href) return
      const reading = await site.read(url, page.validators, signal)
      const isAlternative = page.document.contentVersion === ALTERNATIVE
      const changed = reading.kind === 'page' && !isAlternative && contentVersion(reading.content) !== page.document.contentVersion
      readings.set(id, reading)
      if (changed) trust.observe(lastmod, lastmod, true)
    }),
  )
  return readings
}

/** The pages with the lowest hashes, which are others in each round. */
function lowest(pages: readonly SitemapPage[], count: number, round: number): SitemapPage[] {
  const hashed = pages.map((page) => ({ page, hash: createHash('sha256').update(`${round} ${page.id}`).digest('hex') }))
  return hashed.toSorted((one, other) => (one.hash < other.hash ? -1 : 1)).slice(0, count).map(({ page }) => page)
}
