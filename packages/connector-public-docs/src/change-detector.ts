import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ChangeDetector, Detection, DetectRequest, KnownDocuments, Logger, Presence, Shortfall } from '@qdrant-loader/connector-sdk'
import { Completeness } from './crawl/completeness.ts'
import { CrawlEnding } from './crawl/crawl-ending.ts'
import type { StepContext } from './crawl/crawl-step.ts'
import { Crawl } from './crawl/crawl.ts'
import { unreadableScopes } from './crawl/doubts.ts'
import { Frontier } from './crawl/frontier.ts'
import { DamagedJournal, Journal } from './crawl/journal.ts'
import { sampleReadings } from './crawl/lastmod-sample.ts'
import type { RunMemory } from './crawl/run-memory.ts'
import { FIRST_CURSOR } from './cursor.ts'
import type { PublicDocsCursor } from './cursor.ts'
import { baseDisallowed } from './errors.ts'
import { judgePages } from './presence.ts'
import type { Site } from './site/site.ts'
import { LastmodTrust } from './sitemap/lastmod-trust.ts'
import { sawSitemaps } from './sitemap/sitemap-memory.ts'
import type { SitemapResult } from './sitemap/sitemap.ts'
import { SCOPE } from './stub.ts'

type Request = DetectRequest<PublicDocsCursor>

/** An interrupted crawl that is older starts anew: too much may have changed. */
const RESUMABLE_MS = 3_600_000

/** What {@link PublicDocsChangeDetector} needs. */
export interface PublicDocsChangeDetectorDeps {
  readonly site: Site
  readonly sitemaps: (signal: AbortSignal) => Promise<SitemapResult>
  readonly memory: RunMemory
  readonly maxDepth: number
  readonly maxPages: number
  /** Fingerprint of everything that decides what is read in a page. */
  readonly fingerprint: string
  /** A folder for the journal of a crawl. In a dry run it is one of its own, and removed by its maker. */
  readonly journalFolder: () => Promise<string>
  /** File name of the journal: differs for each source. */
  readonly journalName: string
  /** URLs between two checkpoints. */
  readonly checkpointEvery: number
  readonly logger: Logger
  readonly progress: (activity: string) => void
  readonly now: () => number
}

/** What a crawl starts with. */
interface Start {
  readonly request: Request
  readonly since: PublicDocsCursor
  readonly sitemaps: SitemapResult
  readonly trust: LastmodTrust
  readonly context: StepContext
  readonly startedAt: number
  readonly id: string
}

/** A crawl on its way. */
interface Underway {
  readonly crawl: Crawl
  readonly frontier: Frontier
  readonly journal: Journal
  readonly completeness: Completeness
}

/**
 * Crawls the site in every run, with conditional requests, so that each undisturbed run is a complete listing. What an
 * unchanged page links to is remembered with it; a site whose `lastmod` has proved to be right is asked for less.
 */
export class PublicDocsChangeDetector implements ChangeDetector<PublicDocsCursor> {
  readonly #deps: PublicDocsChangeDetectorDeps

  constructor(deps: PublicDocsChangeDetectorDeps) {
    this.#deps = deps
  }

  async *detect(request: Request, signal: AbortSignal): Detection<PublicDocsCursor> {
    signal.throwIfAborted()
    const { memory, site } = this.#deps
    const start = await this.#start(request, signal)
    const { since, sitemaps, trust, context } = start
    const resumed = await this.#resumed(start, signal)
    const { crawl, frontier, journal, completeness } = resumed ?? (await this.#begun(start, signal))
    yield* crawl.walk(signal)
    const seeds = sawSitemaps(since.sitemap, sitemaps)
    const suspect = await isSuspect(frontier.pages, request.known)
    // So little is believed when a second run finds the same.
    const doubts = { withoutSitemap: !seeds.complete, suspect: suspect && !since.suspect }
    const { host } = site.scope.start
    const refusal = completeness.refusal(host)
    const complete = crawl.complete && seeds.complete && !doubts.suspect && refusal === undefined
    memory.crawled = { frontier, complete }
    yield* new CrawlEnding({ crawl, site, frontier, journal, known: request.known, memory, context, completeness, complete }).changes(signal)
    const shortfalls = this.#shortfalls(start, frontier, completeness)
    this.#report(completeness, complete)
    await journal.remove()
    const lost = since.crawl !== undefined && resumed === undefined
    const { crawl: _crawl, ...before } = since
    yield {
      kind: 'complete',
      cursor: { ...before, ...crawl.result(), sitemap: seeds.next, suspect, trust: trust.state() },
      // Marks of an interrupted listing that could not be taken up say nothing of now.
      listing: complete && !lost ? { everythingIn: [SCOPE], configured: [SCOPE] } : 'changes',
      unreadable: refusal === undefined ? unreadableScopes(host, doubts) : [refusal],
      shortfalls,
    }
  }

  async judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    return judgePages(ids, this.#deps, signal)
  }

  async #start(request: Request, signal: AbortSignal): Promise<Start> {
    const { site, now, fingerprint, progress } = this.#deps
    const startedAt = now()
    const since = request.mode === 'incremental' ? request.since : FIRST_CURSOR
    const robots = await site.robots(signal)
    if (!robots.allows(site.scope.start)) throw baseDisallowed(site.scope.start)
    progress('reading the sitemap')
    const sitemaps = await this.#deps.sitemaps(signal)
    const lastmods = new Map(sitemaps.pages.flatMap(({ id, lastmod }) => (lastmod === undefined ? [] : [[id, lastmod] as const])))
    return {
      request,
      since,
      sitemaps,
      startedAt,
      id: createHash('sha256').update(`${this.#deps.journalName} ${startedAt}`).digest('hex').slice(0, 24),
      trust: new LastmodTrust(since.trust),
      context: { scope: site.scope, allows: (url) => robots.allows(url), fingerprint, lastmodOf: (page) => lastmods.get(page), now },
    }
  }

  /** The interrupted crawl of the cursor, where it is young enough and its journal is there. */
  async #resumed(start: Start, signal: AbortSignal): Promise<Underway | undefined> {
    const { crawl: before } = start.since
    if (before === undefined || Math.abs(start.startedAt - before.startedAt) > RESUMABLE_MS) return undefined
    const path = join(await this.#deps.journalFolder(), this.#deps.journalName)
    const journal = await Journal.reopen(path, before.id, before.nodes)
    if (journal === undefined) return undefined
    try {
      const underway = await this.#crawl({ ...start, id: before.id, startedAt: before.startedAt }, journal, signal)
      await underway.crawl.replay()
      this.#deps.logger.info('an interrupted crawl goes on', { looked_at: before.nodes })
      return underway
    } catch (error) {
      if (error instanceof DamagedJournal) return undefined
      throw error
    }
  }

  async #begun(start: Start, signal: AbortSignal): Promise<Underway> {
    const path = join(await this.#deps.journalFolder(), this.#deps.journalName)
    const journal = await Journal.create(path, { crawl: start.id, setsAside: !(await isEmpty(start.request.known)) })
    return this.#crawl(start, journal, signal)
  }

  async #crawl(start: Start, journal: Journal, signal: AbortSignal): Promise<Underway> {
    const { site, memory, maxDepth, maxPages, fingerprint, checkpointEvery } = this.#deps
    const { request, since, sitemaps, trust, context, id, startedAt } = start
    const completeness = new Completeness()
    const frontier = new Frontier({ maxDepth, maxPages }, context.allows, (reason, url) => completeness.note(reason, url))
    frontier.offer(site.scope.start, 0)
    for (const page of sitemaps.pages) frontier.offer(page.url, 0)
    const relies = request.mode === 'incremental' && !request.listingDue && trust.trusted
    const sampled = relies ? await sampleReadings({ site, known: request.known, pages: sitemaps.pages, trust, fingerprint }, signal) : new Map()
    if (relies) trust.nextRound()
    const crawl = new Crawl({
      site,
      frontier,
      journal,
      memory,
      context,
      completeness,
      since,
      trust,
      sampled,
      known: request.known,
      firstRun: !journal.header.setsAside,
      hasSeeds: sitemaps.pages.length > 0,
      spares: relies && trust.trusted,
      progress: this.#deps.progress,
      checkpointEvery,
      checkpoint: (nodes, uniform) => ({ ...since, uniform, crawl: { id, startedAt, nodes } }),
    })
    return { crawl, frontier, journal, completeness }
  }

  /** What is said in every run, also an unchanged one. */
  #shortfalls({ sitemaps }: Start, frontier: Frontier, completeness: Completeness): readonly Shortfall[] {
    const { left } = frontier
    if (left !== undefined) completeness.note('max_pages', left.example, left.count)
    for (const { reason, example, count } of sitemaps.shortfalls) completeness.note(reason, example, count)
    return completeness.shortfalls()
  }

  #report(completeness: Completeness, complete: boolean): void {
    const { logger, maxPages, site } = this.#deps
    const { host } = site.scope.start
    const [cut, scripted] = [completeness.count('max_pages', 'sitemap_cut'), completeness.count('scripts_only')]
    if (cut > 0) logger.warn('the crawl ended at a limit; pages further away are left out', { host, max_pages: maxPages, left_out: cut })
    if (scripted > 0) logger.warn('some pages are made by scripts only, so there is no text to index', { host, pages: scripted })
    if (!complete) logger.warn('some pages could not be looked at, so nothing that is absent counts as deleted in this run', { host })
  }
}

/** Less than a tenth of what is held: a start page without its links looks like this. */
async function isSuspect(pages: number, known: KnownDocuments): Promise<boolean> {
  let held = 0
  for await (const _id of known.ids(SCOPE)) {
    held += 1
    if (held > pages * 10) return true
  }
  return false
}

async function isEmpty(known: KnownDocuments): Promise<boolean> {
  for await (const _id of known.ids(SCOPE)) return false
  return true
}
