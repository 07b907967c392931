import { printableUrl } from '@qdrant-loader/http'
import { publicDocsError } from '../codes.ts'
import type { PublicDocsCursor } from '../cursor.ts'
import { baseElsewhere, baseMissing, siteUnreachable } from '../errors.ts'
import { contentVersion } from '../page/page-content.ts'
import { isMissing } from '../site/missing-page.ts'
import type { Site } from '../site/site.ts'
import type { CrawlReading, KnownPage } from './crawl-step.ts'

/** What {@link readStartPage} needs. */
export interface StartPageDeps {
  readonly site: Site
  /** The cursor of the run before. */
  readonly since: Pick<PublicDocsCursor, 'uniform'>
  /** Nothing was ever recorded, so nothing can be lost. */
  readonly firstRun: boolean
  /** The sitemap names pages. */
  readonly hasSeeds: boolean
}

/** The start page, and whether the site answers a missing path with it. */
export interface StartPage {
  readonly reading: CrawlReading
  readonly uniform: boolean
}

/**
 * Reads the start page, which is there by definition: without it nothing is believed.
 *
 * @throws LoaderError when it is elsewhere, missing or out of reach, and where all pages have become one
 *   (`public_docs_same_answer`): a site in trouble looks like one that lost its pages.
 */
export async function readStartPage(url: URL, known: KnownPage | undefined, deps: StartPageDeps, signal: AbortSignal): Promise<StartPage> {
  const { site, since, firstRun, hasSeeds } = deps
  const reading = await site.readAsIs(url, known?.validators, signal)
  if (reading.kind === 'elsewhere') throw baseElsewhere(url, reading.to)
  if (reading.kind === 'refused') throw reading.to === undefined ? reading.error : baseElsewhere(url, reading.to)
  if (reading.kind === 'failed') throw siteUnreachable(url.host, reading.error)
  if (!hasSeeds && (reading.kind === 'missing' || reading.kind === 'gone')) throw baseMissing(url, reading.kind === 'gone' ? 410 : reading.status)
  const uniform = reading.kind === 'page' ? isMissing(reading, await site.missing(signal)) : since.uniform
  const asBefore = reading.kind === 'page' && contentVersion(reading.content) === known?.document.contentVersion
  if (uniform && !asBefore && !since.uniform && !firstRun) throw publicDocsError('public_docs_same_answer', { host: url.host, address: printableUrl(url) })
  return { reading, uniform }
}
