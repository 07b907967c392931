import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { ServerHealth } from '@qdrant-loader/http'
import type { HttpClient } from '@qdrant-loader/http'
import { publicDocsError } from '../codes.ts'
import { siteUnreachable } from '../errors.ts'
import type { SiteScope } from '../selection.ts'
import type { Validators } from '../validators.ts'
import { isMissing, missingAnswer, missingUrl } from './missing-page.ts'
import type { MissingAnswer } from './missing-page.ts'
import type { PageReader, Reading } from './page-reader.ts'
import { fetchRobots, NO_RULES } from './robots.ts'
import type { RobotsRules } from './robots.ts'
import { documentId } from './url-form.ts'

/** With a longer distance between requests a crawl would take days. */
const LONGEST_CRAWL_DELAY_MS = 60_000

/** What a {@link Site} is made of. */
export interface SiteDeps {
  readonly client: Pick<HttpClient, 'request' | 'setPace'>
  readonly reader: PageReader
  readonly scope: SiteScope
  readonly respectRobots: boolean
  /** How often the start page is asked for again when another page has failed. */
  readonly retries: number
}

/** One site during one run: its rules and how it answers for missing pages are asked for once. */
export class Site {
  readonly scope: SiteScope
  readonly #deps: SiteDeps
  /** One page that fails is only that; when the start page fails as well, the site is down. */
  readonly #health: ServerHealth
  #robots: Promise<RobotsRules> | undefined
  #missing: Promise<MissingAnswer> | undefined

  constructor(deps: SiteDeps) {
    this.#deps = deps
    this.scope = deps.scope
    this.#health = new ServerHealth({ probe: (signal) => this.#start(signal) })
  }

  /** True for the document that the crawl starts with. */
  isStart(id: string): boolean {
    return id === documentId(this.scope.start)
  }

  /** The rules that are kept to. Its sitemaps are named even when rules are not respected. */
  robots(signal: AbortSignal): Promise<RobotsRules> {
    this.#robots ??= this.#fetchRobots(signal)
    return this.#robots
  }

  /**
   * Reads a page. One that shows what the site shows for a missing path is missing.
   *
   * @throws LoaderError of kind `config` or `transient` (robots.txt); the signal's reason.
   */
  async read(url: URL, known: Validators | undefined, signal: AbortSignal, hops = 0): Promise<Reading> {
    const reading = await this.readAsIs(url, known, signal, hops)
    const doubtful = reading.kind === 'moved' || (reading.kind === 'page' && reading.content.skipped === undefined)
    if (!doubtful || !isMissing(reading, await this.missing(signal))) return reading
    return { kind: 'missing', status: 200, ...(reading.hops !== undefined && { hops: reading.hops }) }
  }

  /** Reads a page without that doubt. */
  async readAsIs(url: URL, known: Validators | undefined, signal: AbortSignal, hops = 0): Promise<Reading> {
    const robots = await this.robots(signal)
    this.#health.throwIfDown()
    const reading = await this.#deps.reader.read(url, robots, known, signal, hops)
    if (reading.kind !== 'failed') this.#health.succeeded()
    // Without its start page nothing is believed anyway, so that page needs no further proof.
    else if (url.href !== this.scope.start.href) await this.#health.failed(signal)
    return reading
  }

  /** How the site answers for what is not there; asked at most once. */
  missing(signal: AbortSignal): Promise<MissingAnswer> {
    this.#missing ??= this.#probe(signal)
    return this.#missing
  }

  /** The site shows one page for everything, its start page included: nothing can be told from that. */
  showsOnePage(): void {
    this.#missing = Promise.resolve({})
  }

  async #fetchRobots(signal: AbortSignal): Promise<RobotsRules> {
    const { client, respectRobots, scope } = this.#deps
    try {
      const rules = await fetchRobots(client, scope.start.origin, signal)
      if (!respectRobots) return { ...NO_RULES, sitemaps: rules.sitemaps }
      if (rules.crawlDelayMs > LONGEST_CRAWL_DELAY_MS) {
        throw publicDocsError('public_docs_crawl_delay', { host: scope.start.host, seconds: rules.crawlDelayMs / 1_000 })
      }
      if (rules.crawlDelayMs > 0) client.setPace(scope.start.host, rules.crawlDelayMs)
      return rules
    } catch (error) {
      signal.throwIfAborted()
      if (respectRobots) throw error
      return NO_RULES
    }
  }

  /** @throws LoaderError `public_docs_unreachable` */
  async #start(signal: AbortSignal): Promise<void> {
    const { client, scope } = this.#deps
    try {
      await client.request({ url: scope.start, signal, redirect: 'manual', retries: this.#deps.retries })
    } catch (error) {
      signal.throwIfAborted()
      if (isLoaderError(error) && error.kind === 'transient') throw siteUnreachable(scope.start.host, error)
    }
  }

  async #probe(signal: AbortSignal): Promise<MissingAnswer> {
    const url = missingUrl(new URL(this.scope.folder, this.scope.start))
    if (!(await this.robots(signal)).allows(url)) return {}
    return missingAnswer(await this.readAsIs(url, undefined, signal))
  }
}
