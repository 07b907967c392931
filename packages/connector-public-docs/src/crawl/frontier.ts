import { MOST_HOPS } from '../site/page-reader.ts'
import type { ShortReason } from '../site/short-reason.ts'
import { documentId } from '../site/url-form.ts'
import type { Twin } from './twins.ts'

/**
 * What became of a URL.
 *
 * - `waiting`: not looked at yet.
 * - `document`: it is one, or it is recorded as skipped.
 * - `redirect`, `duplicate`: another page of the site is meant (permanent redirect; canonical link, another form).
 * - `missing`, `gone`: 404 (or what the site shows instead), 410.
 * - `elsewhere`: permanently redirected to where this source does not read.
 * - `refused`, `failed`: nobody can tell.
 */
export type NodeState = 'waiting' | 'document' | 'redirect' | 'duplicate' | 'missing' | 'gone' | 'elsewhere' | 'refused' | 'failed'

/** A URL on the way. */
export interface FrontierNode {
  readonly url: string
  readonly id: string
  /** Links between it and where the crawl began. */
  readonly depth: number
  /** Redirects that led to it. Absent: none. */
  readonly hops?: number
}

/** What is written down of a URL that was looked at. */
export interface Outcome {
  readonly state: Exclude<NodeState, 'waiting'>
  /** Links to follow, in order. */
  readonly links?: readonly string[]
  /** Where a redirect or canonical link leads. */
  readonly target?: string
  /** Why no document with text came of it, where that is said. */
  readonly short?: ShortReason
  /** Redirects that were followed on the way to the answer. Absent: none. */
  readonly hops?: number
  /** It shows another page in another form, if that page is there. Known at the end of the crawl. */
  readonly twin?: Twin
}

/** Limits of a crawl. */
export interface FrontierLimits {
  readonly maxDepth: number
  readonly maxPages: number
}

/** A path that is linked with more different queries than this is a calendar or a search. */
const MOST_QUERIES = 50
/**
 * Requests for each page that may be read, and some: redirects, dead links and what is no page count here too. What a
 * run asks for beside the crawl (robots.txt, sitemaps) keeps it below 1.2 for each page and 50.
 */
const LOOKS_PER_PAGE = 1.1
const FREE_LOOKS = 20
/** Consumed entries are dropped from the queue in pieces of this size. */
const DROP = 1_024

/**
 * The URLs of one crawl: breadth first, each id once, in the order of discovery. It is fed with outcomes alone, so the
 * same outcomes always lead to the same crawl. Holds URLs and states, never content.
 */
export class Frontier {
  readonly #limits: FrontierLimits
  readonly #allows: (url: URL) => boolean
  readonly #onCut: (reason: ShortReason, url: string) => void
  /** Ids that a limit kept out, so that each is counted once. */
  readonly #cut = new Set<string>()
  readonly #states = new Map<string, NodeState>()
  readonly #leads = new Map<string, string>()
  readonly #queries = new Map<string, number>()
  /** How an id was spelled when it was first seen, where that is not the id itself. */
  readonly #firstUrls = new Map<string, string>()
  /** Other spellings of an id (`/guide`, `/guide/`), tried when the first one leads nowhere. */
  readonly #spellings = new Map<string, string>()
  #queue: FrontierNode[] = []
  #head = 0
  #pages = 0
  #looks = 0

  /** @param onCut told of each id that is left out, once */
  constructor(limits: FrontierLimits, allows: (url: URL) => boolean, onCut: (reason: ShortReason, url: string) => void = () => {}) {
    this.#limits = limits
    this.#allows = allows
    this.#onCut = onCut
  }

  /** True once a limit ended the crawl before its queue was empty. */
  get limited(): boolean {
    return this.#full && this.#head < this.#queue.length
  }

  get maxPages(): number {
    return this.#limits.maxPages
  }

  get pages(): number {
    return this.#pages
  }

  /** Nodes that may be looked at together: each may be the last page that is allowed, and each may be redirected. */
  get room(): number {
    return Math.min(this.#limits.maxPages - this.#pages, Math.ceil(this.#looksLeft / (MOST_HOPS + 1)))
  }

  get #full(): boolean {
    return this.#pages >= this.#limits.maxPages || this.#looksLeft <= 0
  }

  get #looksLeft(): number {
    return Math.floor(this.#limits.maxPages * LOOKS_PER_PAGE) + FREE_LOOKS - this.#looks
  }

  /** What a limit left waiting at the end of the crawl. */
  get left(): { readonly count: number; readonly example: string } | undefined {
    const next = this.#queue[this.#head]
    return this.limited && next !== undefined ? { count: this.#queue.length - this.#head, example: next.url } : undefined
  }

  /** The node at this distance from the next one; undefined behind the last and when a limit is reached. */
  peek(ahead: number): FrontierNode | undefined {
    return this.#full ? undefined : this.#queue[this.#head + ahead]
  }

  stateOf(id: string): NodeState | undefined {
    return this.#states.get(id)
  }

  /** The id at the end of redirects and canonical links; the last one before a circle closes. */
  leadOf(id: string): string {
    const passed = new Set<string>()
    let at = id
    for (let next: string | undefined = at; next !== undefined && !passed.has(next); next = this.#leads.get(at)) {
      passed.add(next)
      at = next
    }
    return at
  }

  /** A URL to look at. Nothing happens when it is known, not allowed, too deep, or one of too many. */
  offer(url: URL, depth: number, hops = 0): void {
    const id = documentId(url)
    const state = this.#states.get(id)
    if (state !== undefined) return depth > this.#limits.maxDepth ? undefined : this.#respelled(id, url, depth, state)
    const cut = this.#keptOut(url, depth, hops)
    if (cut === undefined) return this.#push({ url: url.href, id, depth, ...(hops > 0 && { hops }) })
    if (this.#cut.has(id)) return
    this.#cut.add(id)
    this.#onCut(cut, url.href)
  }

  #keptOut(url: URL, depth: number, hops: number): ShortReason | undefined {
    if (hops > MOST_HOPS) return 'redirect_loop'
    if (depth > this.#limits.maxDepth) return 'max_depth'
    if (!this.#allows(url)) return 'robots'
    return this.#tooManyQueries(url) ? 'too_many_queries' : undefined
  }

  /** Takes the outcome of the next node. */
  settle(outcome: Outcome): void {
    const node = this.#queue[this.#head]
    if (node === undefined) throw new Error('an outcome came without a node')
    this.#advance()
    this.#looks += 1 + (outcome.hops ?? 0)
    this.#states.set(node.id, outcome.state)
    if (outcome.state === 'document') this.#pages += 1
    if (outcome.target !== undefined) {
      const to = new URL(outcome.target)
      this.#leads.set(node.id, documentId(to))
      // A redirect is no link: it does not lead deeper.
      this.offer(to, node.depth, (node.hops ?? 0) + (outcome.hops ?? 0) + 1)
      if (outcome.state === 'redirect' && this.#isCircle(node.id)) this.#onCut('redirect_loop', node.url)
    }
    for (const link of outcome.links ?? []) this.offer(new URL(link), node.depth + 1)
    if (isDead(outcome.state)) this.#tryOtherSpelling(node)
  }

  /** Another form of a page leads to that page. */
  lead(id: string, page: string): void {
    this.#leads.set(id, page)
  }

  /** A duplicate whose page is none is a page of its own after all. */
  promote(id: string): void {
    this.#states.set(id, 'document')
    this.#leads.delete(id)
    this.#pages += 1
  }

  /** It was the last piece of a circle of redirects. */
  #isCircle(id: string): boolean {
    let at: string | undefined = this.#leads.get(id)
    for (let hops = 0; at !== undefined && hops <= MOST_HOPS; hops++) {
      if (at === id) return true
      at = this.#leads.get(at)
    }
    return false
  }

  #push(node: FrontierNode): void {
    if (node.url !== node.id && !this.#firstUrls.has(node.id)) this.#firstUrls.set(node.id, node.url)
    this.#states.set(node.id, 'waiting')
    this.#queue.push(node)
  }

  #advance(): void {
    this.#head += 1
    if (this.#head < DROP) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }

  #respelled(id: string, url: URL, depth: number, state: NodeState): void {
    if (state !== 'waiting' && !isDead(state)) return
    if (this.#spellings.has(id) || (this.#firstUrls.get(id) ?? id) === url.href) return
    this.#spellings.set(id, url.href)
    if (isDead(state)) this.#push({ url: url.href, id, depth })
  }

  #tryOtherSpelling({ id, url, depth }: FrontierNode): void {
    const spelling = this.#spellings.get(id)
    if (spelling !== undefined && spelling !== url) this.#push({ url: spelling, id, depth })
  }

  #tooManyQueries(url: URL): boolean {
    if (url.search === '') return false
    const queries = (this.#queries.get(url.pathname) ?? 0) + 1
    if (queries > MOST_QUERIES) return true
    this.#queries.set(url.pathname, queries)
    return false
  }
}

function isDead(state: NodeState): boolean {
  return state === 'missing' || state === 'gone'
}
