import { documentId } from './url-form.ts'

/**
 * What became of a URL.
 *
 * - `waiting`: not looked at yet.
 * - `document`: it is one, or it is recorded as skipped.
 * - `redirect`, `duplicate`: another page of the site is meant (permanent redirect; canonical link).
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
}

/** What is written down of a URL that was looked at. */
export interface Outcome {
  readonly state: Exclude<NodeState, 'waiting'>
  /** Links to follow, in order. */
  readonly links?: readonly string[]
  /** Where a redirect or canonical link leads. */
  readonly target?: string
}

/** Limits of a crawl. */
export interface FrontierLimits {
  readonly maxDepth: number
  readonly maxPages: number
}

/** A path that is linked with more different queries than this is a calendar or a search. */
const MOST_QUERIES = 50
/** Looked at for each page that may be read: redirects, dead links and what is no page count here too. */
const LOOKS_PER_PAGE = 5
const LOOKS_AT_LEAST = 1_000
/** Consumed entries are dropped from the queue in pieces of this size. */
const DROP = 1_024

/**
 * The URLs of one crawl: breadth first, each id once, in the order of discovery. It is fed with outcomes alone, so the
 * same outcomes always lead to the same crawl. Holds URLs and states, never content.
 */
export class Frontier {
  readonly #limits: FrontierLimits
  readonly #allows: (url: URL) => boolean
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

  constructor(limits: FrontierLimits, allows: (url: URL) => boolean) {
    this.#limits = limits
    this.#allows = allows
  }

  /** True once a limit ended the crawl before its queue was empty. */
  get limited(): boolean {
    return this.#full && this.#head < this.#queue.length
  }

  get pages(): number {
    return this.#pages
  }

  /** Pages that may still be read. */
  get room(): number {
    return this.#limits.maxPages - this.#pages
  }

  get #full(): boolean {
    return this.#pages >= this.#limits.maxPages || this.#looks >= this.#limits.maxPages * LOOKS_PER_PAGE + LOOKS_AT_LEAST
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
  offer(url: URL, depth: number): void {
    if (depth > this.#limits.maxDepth) return
    const id = documentId(url)
    const state = this.#states.get(id)
    if (state !== undefined) return this.#respelled(id, url, depth, state)
    if (!this.#allows(url) || this.#tooManyQueries(url)) return
    this.#push({ url: url.href, id, depth })
  }

  /** Takes the outcome of the next node. */
  settle(outcome: Outcome): void {
    const node = this.#queue[this.#head]
    if (node === undefined) throw new Error('an outcome came without a node')
    this.#advance()
    this.#looks += 1
    this.#states.set(node.id, outcome.state)
    if (outcome.state === 'document') this.#pages += 1
    if (outcome.target !== undefined) {
      const to = new URL(outcome.target)
      this.#leads.set(node.id, documentId(to))
      // A redirect is no link: it does not lead deeper.
      this.offer(to, node.depth)
    }
    for (const link of outcome.links ?? []) this.offer(new URL(link), node.depth + 1)
    if (isDead(outcome.state)) this.#tryOtherSpelling(node)
  }

  /** A duplicate whose canonical page is none is a page of its own after all. */
  promote(id: string): void {
    this.#states.set(id, 'document')
    this.#leads.delete(id)
    this.#pages += 1
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
