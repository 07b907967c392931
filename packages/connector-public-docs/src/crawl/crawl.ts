import { createHash } from 'node:crypto'
import { asDocumentError } from '@qdrant-loader/connector-sdk'
import type { Change, KnownDocuments } from '@qdrant-loader/connector-sdk'
import type { PublicDocsCursor } from '../cursor.ts'
import { siteUnreachable } from '../errors.ts'
import { isOfHtml } from '../page/sketch.ts'
import type { Site } from '../site/site.ts'
import type { LastmodTrust } from '../sitemap/lastmod-trust.ts'
import type { Completeness } from './completeness.ts'
import { stepFor } from './crawl-step.ts'
import type { CrawlReading, CrawlStep, KnownPage, StepContext } from './crawl-step.ts'
import { DeadLinks } from './dead-links.ts'
import type { Frontier, FrontierNode } from './frontier.ts'
import { DamagedJournal } from './journal.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { knownPages } from './known-pages.ts'
import { LookAhead } from './look-ahead.ts'
import { packLines, unpackLines } from './packed-lines.ts'
import { readStartPage } from './read-start-page.ts'
import type { RunMemory } from './run-memory.ts'
import { twinOf } from './twins.ts'
import type { Twin } from './twins.ts'

type SiteChange = Change<PublicDocsCursor>

/** Requests under way at once. */
const WIDTH = 8
/** Records that are looked up together. */
const LOOKUP = 200
/** After so many pages in a row that could not be reached, the site counts as unreachable. */
const UNREACHABLE_AFTER = 10
/** URLs between two signs of life. */
const SAID_EVERY = 20
/** A slow site is no silent one. */
const CHECKPOINT_MS = 60_000
/** More remembered redirects would make every cursor large. */
const MOST_REDIRECTS = 5_000

/** What a {@link Crawl} needs. */
export interface CrawlDeps {
  readonly site: Site
  readonly frontier: Frontier
  readonly known: KnownDocuments
  readonly journal: Journal
  readonly memory: RunMemory
  readonly context: StepContext
  readonly completeness: Completeness
  /** The cursor of the run before, for what it refused and redirected. */
  readonly since: PublicDocsCursor
  /** Nothing was ever recorded, so nothing can be lost. */
  readonly firstRun: boolean
  /** The sitemap names pages. */
  readonly hasSeeds: boolean
  readonly trust: LastmodTrust
  /** Answers that were asked for ahead of their turn. */
  readonly sampled: Map<string, CrawlReading>
  /** Whether an unchanged `lastmod` spares a request. */
  readonly spares: boolean
  readonly progress: (activity: string) => void
  /** URLs between two checkpoints. */
  readonly checkpointEvery: number
  readonly checkpoint: (nodes: number, uniform: boolean) => PublicDocsCursor
}

/**
 * Walks a site breadth first. Answers are taken in the order of discovery, whatever order they come in, so that the
 * same site gives the same crawl.
 */
export class Crawl {
  readonly #deps: CrawlDeps
  readonly #ahead = new LookAhead<FrontierNode & { readonly known: KnownPage | undefined }, CrawlReading>(WIDTH)
  readonly #looked = new Map<string, KnownPage | undefined>()
  readonly #remembered: ReadonlyMap<string, string>
  readonly #refusedBefore: ReadonlySet<string>
  readonly #refused = new Set<string>()
  readonly #redirects: string[] = []
  readonly #dead: DeadLinks
  /** Links of pages that changed: what they lead to is looked at, whatever is remembered of it. */
  readonly #linkedAnew = new Set<string>()
  #nodes = 0
  #failuresInARow = 0
  #complete = true
  #uniform: boolean
  /** The start page is text. */
  #textSite = false

  /** Ids of new documents that wait in the journal. */
  readonly fresh = new Set<string>()
  /** Pages that name another one in their place, or may be another form of one, in order. */
  readonly duplicates: string[] = []
  /** Those that may be another form of a page. */
  readonly twins = new Map<string, { readonly url: string; readonly twin: Twin }>()

  constructor(deps: CrawlDeps) {
    this.#deps = deps
    this.#uniform = deps.since.uniform
    this.#refusedBefore = new Set(deps.since.refused)
    this.#dead = new DeadLinks(deps.since.dead, deps.context.now())
    const redirects = unpackLines(deps.since.redirects) ?? []
    this.#remembered = new Map(redirects.map((line) => line.split('\t') as [string, string]))
  }

  /** Every page that can be reached was seen, or is known to have been out of reach all along. */
  get complete(): boolean {
    return this.#complete
  }

  /** What the next run needs to know. */
  result(): Pick<PublicDocsCursor, 'refused' | 'redirects' | 'dead' | 'uniform'> {
    return {
      refused: [...this.#refused].slice(0, 2_000),
      redirects: packLines(this.#redirects.slice(0, MOST_REDIRECTS)),
      dead: this.#dead.packed(),
      uniform: this.#uniform,
    }
  }

  /** Takes up what an interrupted crawl wrote down. @throws DamagedJournal when the site starts elsewhere by now. */
  async replay(): Promise<void> {
    for await (const entry of this.#deps.journal.entries()) {
      if (this.#deps.frontier.peek(0)?.id !== entry.id) throw new DamagedJournal('the journal is of another crawl')
      this.#note(entry, entry.links === undefined ? undefined : (unpackLines(entry.links) ?? []))
    }
  }

  async *walk(signal: AbortSignal): AsyncGenerator<SiteChange> {
    const { frontier, journal, checkpoint, checkpointEvery, context } = this.#deps
    let last = context.now()
    for (;;) {
      signal.throwIfAborted()
      await this.#lookAhead(signal)
      const next = await this.#ahead.next()
      if (next === undefined || frontier.peek(0)?.id !== next.item.id) return
      yield* this.#take(next.item, next.result)
      if (this.#nodes % SAID_EVERY === 0) this.#deps.progress(`${frontier.pages} pages`)
      if (this.#nodes % checkpointEvery !== 0 && context.now() - last < CHECKPOINT_MS) continue
      last = context.now()
      await journal.flush()
      yield { kind: 'checkpoint', cursor: checkpoint(this.#nodes, this.#uniform) }
    }
  }

  async #lookAhead(signal: AbortSignal): Promise<void> {
    // Each request under way may be the last page that is allowed.
    while (this.#ahead.hasRoom && this.#ahead.size < this.#deps.frontier.room) {
      // What the start page says decides how the others are read.
      if (this.#nodes === 0 && this.#ahead.size === 1) return
      const node = this.#deps.frontier.peek(this.#ahead.size)
      if (node === undefined) return
      const known = await this.#knownPage(node)
      this.#ahead.start({ ...node, known }, this.#read(node, known, signal))
    }
  }

  async #knownPage(node: FrontierNode): Promise<KnownPage | undefined> {
    if (!this.#looked.has(node.id)) {
      const ids: string[] = []
      for (let at = this.#ahead.size; ids.length < LOOKUP; at++) {
        const ahead = this.#deps.frontier.peek(at)
        if (ahead === undefined) break
        ids.push(ahead.id)
      }
      for (const [id, page] of await knownPages(this.#deps.known, ids, this.#deps.context.fingerprint)) this.#looked.set(id, page)
    }
    const page = this.#looked.get(node.id)
    this.#looked.delete(node.id)
    return page
  }

  async #read(node: FrontierNode, known: KnownPage | undefined, signal: AbortSignal): Promise<CrawlReading> {
    const { site, sampled, context, spares } = this.#deps
    const url = new URL(node.url)
    if (this.#nodes === 0 && node.depth === 0 && url.href === site.scope.start.href) return this.#readStart(url, known, signal)
    const before = sampled.get(node.id)
    if (before !== undefined) return before
    if (known === undefined && !this.#linkedAnew.has(node.url) && this.#dead.spares(node.url)) return { kind: 'dead' }
    const lastmod = known?.validators?.s
    if (spares && lastmod !== undefined && lastmod === context.lastmodOf(node.id)) return { kind: 'spared' }
    return site.read(url, known?.validators, signal, node.hops)
  }

  async #readStart(url: URL, known: KnownPage | undefined, signal: AbortSignal): Promise<CrawlReading> {
    const { reading, uniform } = await readStartPage(url, known, this.#deps, signal)
    this.#uniform = uniform
    if (uniform) this.#deps.site.showsOnePage()
    return reading
  }

  async *#take(node: FrontierNode & { readonly known: KnownPage | undefined }, reading: CrawlReading): AsyncGenerator<SiteChange> {
    const { context, trust, memory, journal } = this.#deps
    const step = this.#asTwin(node, stepFor(node, node.known, reading, context))
    const [before, now] = [node.known?.validators?.s, context.lastmodOf(node.id)]
    // The sample has been observed already.
    const sampled = this.#deps.sampled.delete(node.id)
    if (!sampled && step.changed !== undefined && before !== undefined && now !== undefined) trust.observe(before, now, step.changed)
    this.#breakOff(reading)
    const waits = step.document !== undefined && this.#waits(step, node.known)
    const { links, ...outcome } = this.#withRemembered(node, step)
    const sketch = sketchIn(step) ?? node.known?.validators?.k
    const entry: JournalEntry = {
      id: node.id,
      ...outcome,
      // Read with other settings, its links are not known, and what lies behind it may be out of reach.
      known: node.known?.validators !== undefined,
      ...(links !== undefined && links.length > 0 && { links: packLines(links) }),
      ...(reading.kind === 'dead' && { spared: true }),
      ...(sketch !== undefined && { sketch }),
      ...(waits && { document: step.document }),
    }
    if (this.#leadsElsewhere(step, node.known)) for (const link of links ?? []) this.#linkedAnew.add(link)
    await journal.append(entry)
    this.#note(entry, links)
    if (step.unread !== undefined) {
      memory.failures.set(node.id, asDocumentError(step.unread.error))
      yield { kind: 'upsert', stub: step.unread.stub }
    } else if (outcome.state === 'document' && !waits) {
      if (step.document !== undefined) yield { kind: 'upsert', stub: step.document.stub, document: step.document }
      if (step.unchanged !== undefined) yield { kind: 'upsert', stub: step.unchanged }
    }
  }

  /** A page that may be another form of another one waits for the end of the crawl, which tells. */
  #asTwin(node: FrontierNode, step: CrawlStep): CrawlStep {
    const { frontier, site } = this.#deps
    const sketch = sketchIn(step)
    if (step.outcome.state !== 'document' || sketch === undefined || sketch.length < 2 || this.#nodes === 0 || site.isStart(node.id)) return step
    const twin = twinOf(new URL(node.url), site.scope.start, (id) => frontier.stateOf(id) !== undefined)
    // A site that is text has no pages that its texts could be forms of.
    if (twin === undefined || (this.#textSite && twin.proof === 'alike')) return step
    return { ...step, outcome: { ...step.outcome, state: 'duplicate', twin } }
  }

  /** New pages may have moved from somewhere; duplicates may prove to be none. The end of the crawl tells. */
  #waits({ outcome }: CrawlStep, known: KnownPage | undefined): boolean {
    return outcome.state === 'duplicate' || (known === undefined && this.#deps.journal.header.setsAside)
  }

  /** A redirect that cannot be asked still leads where it led. */
  #withRemembered(node: FrontierNode, { outcome }: CrawlStep): CrawlStep['outcome'] {
    const led = this.#remembered.get(node.id)
    if (led === undefined || (outcome.state !== 'failed' && outcome.state !== 'refused')) return outcome
    return { ...outcome, links: [led, ...(outcome.links ?? [])] }
  }

  #breakOff(reading: CrawlReading): void {
    this.#failuresInARow = reading.kind === 'failed' ? this.#failuresInARow + 1 : 0
    if (reading.kind === 'failed' && this.#failuresInARow >= UNREACHABLE_AFTER) {
      throw siteUnreachable(this.#deps.site.scope.start.host, reading.error)
    }
  }

  /** The page is new or another one, or its links are. */
  #leadsElsewhere({ document, changed }: CrawlStep, known: KnownPage | undefined): boolean {
    if (document === undefined) return false
    if (known?.validators === undefined || changed === true) return true
    const { l } = document.stub.validators as { readonly l?: string }
    return l !== known.validators.l
  }

  #note({ id, state, target, known, document, short, hops, spared, twin, sketch }: JournalEntry, links: readonly string[] | undefined): void {
    const { frontier, completeness } = this.#deps
    const url = frontier.peek(0)?.url ?? id
    completeness.looked(url, { state, ...(short !== undefined && { short }) })
    if (this.#nodes === 0) this.#textSite = sketch !== undefined && !isOfHtml(sketch)
    if (twin !== undefined) this.twins.set(id, { url, twin })
    if (short === 'dead_link' && !known) this.#dead.found(url, spared !== true)
    this.#nodes += 1
    if (document !== undefined && state === 'document') this.fresh.add(id)
    if (state === 'duplicate') this.duplicates.push(id)
    if (state === 'redirect' && target !== undefined) this.#redirects.push(`${id}\t${target}`)
    const remembered = this.#remembered.get(id)
    if ((state === 'failed' || state === 'refused') && !known) {
      if (remembered !== undefined) this.#redirects.push(`${id}\t${remembered}`)
      if (state === 'failed' || !this.#alwaysRefused(id, remembered)) this.#complete = false
    }
    frontier.settle({ state, ...(target !== undefined && { target }), ...(links !== undefined && { links }), ...(hops !== undefined && { hops }) })
  }

  /** Was never let in: not before, and not in the first run, in which nothing can be lost. */
  #alwaysRefused(id: string, remembered: string | undefined): boolean {
    const hash = createHash('sha256').update(id).digest('base64url').slice(0, 10)
    this.#refused.add(hash)
    return remembered === undefined && (this.#deps.firstRun || this.#refusedBefore.has(hash))
  }
}

/** The summary of the words of what was read, or is as it was. */
function sketchIn({ document, unchanged }: CrawlStep): string | undefined {
  const validators = (document?.stub ?? unchanged)?.validators as { readonly k?: unknown } | undefined
  return typeof validators?.k === 'string' ? validators.k : undefined
}
