import type { Change, KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import type { PublicDocsCursor } from '../cursor.ts'
import { MOST_HOPS } from '../site/page-reader.ts'
import type { Site } from '../site/site.ts'
import { documentId } from '../site/url-form.ts'
import { ALTERNATIVE, alternativeOf, SCOPE, standingAlone, unchangedStub } from '../stub.ts'
import type { Completeness } from './completeness.ts'
import { stepFor } from './crawl-step.ts'
import type { KnownPage, StepContext } from './crawl-step.ts'
import type { Crawl } from './crawl.ts'
import type { Frontier, Outcome } from './frontier.ts'
import type { Journal } from './journal.ts'
import { knownPages } from './known-pages.ts'
import { mapAhead } from './look-ahead.ts'
import { pagesOfTwins } from './pages-of-twins.ts'
import type { RunMemory } from './run-memory.ts'

type SiteChange = Change<PublicDocsCursor>

const WIDTH = 8
const PAGE = 200
/** A site that fails so often in a row is not asked any further; what is left stays as it is. */
const GIVE_UP_AFTER = 10

/** What the end of a crawl needs. */
export interface CrawlEndingDeps {
  readonly crawl: Crawl
  readonly site: Site
  readonly frontier: Frontier
  readonly journal: Journal
  readonly known: KnownDocuments
  readonly memory: RunMemory
  readonly context: StepContext
  readonly completeness: Completeness
  /** Everything that can be reached was seen. */
  readonly complete: boolean
}

/** What became of a recorded page that is no document of this crawl. */
type Fate = Presence | { readonly movedTo: string }

/**
 * What can be told only when every page was seen: which recorded pages are gone, which of them moved to a new place,
 * and which pages that name a canonical one stand alone.
 */
export class CrawlEnding {
  readonly #deps: CrawlEndingDeps
  readonly #promoted = new Set<string>()
  /** Pages that are another form of one. */
  readonly #alternatives = new Set<string>()
  /** New id to the id it was known under. */
  readonly #moves = new Map<string, string>()
  #failuresInARow = 0

  constructor(deps: CrawlEndingDeps) {
    this.#deps = deps
  }

  async *changes(signal: AbortSignal): AsyncGenerator<SiteChange> {
    const pages = await pagesOfTwins(this.#deps)
    const { duplicates, twins } = this.#deps.crawl
    // Canonical links may lead to pages that might have been another form of one, and are not.
    for (const id of twins.keys()) this.#promote(id, pages.get(id))
    for (const id of duplicates) if (!twins.has(id)) this.#promote(id, undefined)
    for await (const { item: id, result: fate } of mapAhead(this.#leftBehind(), WIDTH, (page) => this.#fateOf(page, signal))) {
      signal.throwIfAborted()
      yield* this.#told(id.document.id, fate)
    }
    yield* this.#waiting()
  }

  /** A canonical link that leads to no page does not count, nor does a form of a page that is not there. */
  #promote(id: string, page: string | undefined): void {
    const { crawl, frontier, memory, completeness } = this.#deps
    const twin = crawl.twins.get(id)
    if (page !== undefined) {
      frontier.lead(id, page)
      this.#alternatives.add(id)
      completeness.note('alternative', twin?.url ?? id)
      return
    }
    if (twin !== undefined && frontier.pages >= frontier.maxPages) {
      completeness.note('max_pages', twin.url)
      return
    }
    const lead = frontier.leadOf(id)
    const state = frontier.stateOf(lead)
    if (lead !== id && (state === 'document' || state === 'failed' || state === 'waiting' || memory.failures.has(lead))) return
    frontier.promote(id)
    this.#promoted.add(id)
  }

  /** Recorded pages that this crawl has not named. */
  async *#leftBehind(): AsyncGenerator<KnownPage> {
    const { known, frontier, context } = this.#deps
    for await (const ids of paged(known.ids(SCOPE))) {
      const named = ids.filter((id) => frontier.stateOf(id) !== 'document')
      if (named.length === 0) continue
      for (const page of (await knownPages(known, named, context.fingerprint)).values()) if (page !== undefined) yield page
    }
  }

  async #fateOf(page: KnownPage, signal: AbortSignal): Promise<Fate> {
    const { frontier, complete } = this.#deps
    const { id } = page.document
    if (this.#alternatives.has(id)) return 'present'
    switch (frontier.stateOf(id)) {
      case 'redirect':
      case 'duplicate':
        return this.#ledTo(frontier.leadOf(id))
      case 'gone':
        return 'deleted'
      case 'elsewhere':
        return 'out-of-scope'
      case undefined:
      case 'waiting':
        if (!complete) return 'unknown'
        // Beyond a limit: wherever it went, it is not selected. Asking for each would cost more than the limit allows.
        return frontier.limited ? 'out-of-scope' : this.#unreached(page, signal)
      // 404 and still linked: the next run confirms it. Refused and failed ones were named.
      default:
        return 'unknown'
    }
  }

  /** Nobody links to it any more, so it is not selected; where it went is worth asking. */
  async #unreached(page: KnownPage, signal: AbortSignal): Promise<Fate> {
    const { site, context, frontier } = this.#deps
    const { id } = page.document
    let url = new URL(page.validators?.u ?? id)
    let validators = page.validators
    for (let hops = 0; hops <= MOST_HOPS; hops++) {
      if (!context.scope.follows(url) || !context.allows(url)) return 'out-of-scope'
      if (this.#failuresInARow >= GIVE_UP_AFTER) return 'unknown'
      const reading = await site.read(url, validators, signal)
      this.#failuresInARow = reading.kind === 'failed' ? this.#failuresInARow + 1 : 0
      const known = validators === undefined ? undefined : page
      const { outcome } = stepFor({ url: url.href, id: documentId(url), depth: 1 }, known, reading, context)
      if (outcome.target === undefined) return fateWithoutLink(outcome)
      const target = documentId(outcome.target)
      if (frontier.stateOf(target) !== undefined) return this.#ledTo(frontier.leadOf(target))
      url = new URL(outcome.target)
      validators = undefined
    }
    return 'deleted'
  }

  #ledTo(lead: string): Fate {
    const { frontier, crawl } = this.#deps
    switch (frontier.stateOf(lead)) {
      case 'document':
        return crawl.fresh.has(lead) ? { movedTo: lead } : 'deleted'
      case 'elsewhere':
        return 'out-of-scope'
      case 'gone':
        return 'deleted'
      default:
        return 'unknown'
    }
  }

  *#told(id: string, fate: Fate): Generator<SiteChange> {
    const { memory } = this.#deps
    if (memory.failures.has(id) || fate === 'present') return
    if (typeof fate !== 'string') {
      // Several pages may have become one; the first takes its vectors along.
      if (this.#moves.has(fate.movedTo)) yield { kind: 'delete', id, verdict: 'deleted' }
      else this.#moves.set(fate.movedTo, id)
      return
    }
    memory.verdicts.set(id, fate)
    if (fate !== 'unknown') yield { kind: 'delete', id, verdict: fate }
  }

  /** The documents that were set aside. */
  async *#waiting(): AsyncGenerator<SiteChange> {
    const { crawl, journal, known, context } = this.#deps
    if (crawl.fresh.size === 0 && this.#promoted.size === 0 && this.#alternatives.size === 0) return
    for await (const { id, state, document } of journal.entries()) {
      const isAlternative = this.#alternatives.has(id)
      if (state === 'duplicate' ? !isAlternative && !this.#promoted.has(id) : !crawl.fresh.has(id)) continue
      if (isAlternative && document !== undefined) {
        const alternative = alternativeOf(document.stub)
        yield { kind: 'upsert', stub: alternative.stub, document: alternative }
        continue
      }
      if (document !== undefined) {
        const from = this.#moves.get(id)
        if (from === undefined) yield { kind: 'upsert', stub: document.stub, document }
        else yield { kind: 'move', from, stub: document.stub, document }
        continue
      }
      const page = (await knownPages(known, [id], context.fingerprint)).get(id)
      if (page?.validators === undefined) continue
      const stub = unchangedStub(page.document, page.validators, undefined)
      if (!isAlternative) yield { kind: 'upsert', stub: standingAlone(stub) }
      else if (stub.contentVersion === ALTERNATIVE) yield { kind: 'upsert', stub }
      else yield { kind: 'upsert', stub: alternativeOf(stub).stub, document: alternativeOf(stub) }
    }
  }
}

function fateWithoutLink({ state }: Outcome): Presence {
  switch (state) {
    case 'document':
    case 'elsewhere':
      return 'out-of-scope'
    case 'missing':
    case 'gone':
      return 'deleted'
    default:
      return 'unknown'
  }
}

async function* paged(ids: AsyncIterable<string>): AsyncGenerator<string[]> {
  let page: string[] = []
  for await (const id of ids) {
    page.push(id)
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
