import type { KnownDocument } from '@qdrant-loader/connector-sdk'
import type { Found, Space } from '../api/confluence-api.ts'
import { changedSince } from '../api/cql.ts'
import type { ContentKind } from '../api/cql.ts'
import { batchesOf } from '../api/in-batches.ts'
import { documentId, isNewer, parentOf, scopeOf } from '../site/head.ts'
import type { Head } from '../site/head.ts'
import { validatorsFrom } from '../validators.ts'
import { KnownTree } from './known-tree.ts'
import type { ConfluenceChange, PassDeps } from './pass-deps.ts'
import { isGone, presenceOf } from './presence-of.ts'

/** Documents that are looked up in the host's state at once. */
const LOOKUP = 1_000
/**
 * Results that are older than this, before the last run, were in the index when that run searched. The query itself
 * looks back further, since it cannot say which zone its time is in; results carry theirs.
 */
const INDEX_LAG_MS = 3_600_000

/** Finds what was edited, created or commented since the last run, and what that changes around it. */
export class IncrementalPass {
  readonly #deps: PassDeps

  constructor(deps: PassDeps) {
    this.#deps = deps
  }

  async *changesSince(since: number, spaces: readonly Space[]): AsyncGenerator<ConfluenceChange> {
    const found = await this.#search(since, spaces.map(({ key }) => key))
    const held = await this.#held(found)
    const fresh = found.filter((one) => this.#isFresh(one, held.get(documentId(one.head))))
    if (fresh.length > 0) yield* this.#changes(fresh, spaces)
  }

  async *#changes(fresh: readonly Found[], spaces: readonly Space[]): AsyncGenerator<ConfluenceChange> {
    this.#deps.context.progress('reading changes')
    const tree = await KnownTree.load(this.#deps, spaces.map(({ key }) => key))
    for (const one of fresh) this.#remove(one, tree)
    const pages = fresh.filter((one) => this.#isThere(one, tree)).map(({ head }) => head)
    const selected = new Set(pages.map(({ id }) => id))
    const onThem = ({ container = '' }: Head) => selected.has(container) || tree.hasPage(container)
    const comments = fresh.filter(({ head, status }) => head.kind === 'comment' && status === 'current' && onThem(head))
    const there = [...pages, ...comments.map(({ head }) => head)]
    if (there.length > 0) tree.take(await this.#deps.api.refreshed(there, spaces, this.#deps.signal))
    yield* tree.changes(fresh)
  }

  /** Ends at a page of results without anything new that goes back behind the last run and the lag of the index. */
  async #search(since: number, spaces: readonly string[]): Promise<readonly Found[]> {
    const { api, config, signal } = this.#deps
    const kinds: ContentKind[] = [...config.content_types, ...(config.include_comments ? (['comment'] as const) : [])]
    const enough = async (page: readonly Found[]): Promise<boolean> =>
      isBefore(page, since - INDEX_LAG_MS) && isDescending(page) && !(await this.#hasNews(page))
    const found = await api.search(changedSince(spaces, kinds, since), signal, enough)
    // A listing that moves while it is walked names things twice; the last word counts.
    return [...new Map(found.map((one) => [documentId(one.head), one])).values()]
  }

  async #hasNews(page: readonly Found[]): Promise<boolean> {
    const held = await this.#held(page)
    const known = (one: Found) => held.get(documentId(one.head))
    const pagesOfComments = await this.#deps.known.ofMany(page.flatMap(({ head }) => head.container ?? []))
    const matters = (one: Found) => known(one) !== undefined || this.#deps.selects(one.head) || pagesOfComments.has(one.head.container ?? '')
    return page.some((one) => this.#isFresh(one, known(one)) && matters(one))
  }

  async #held(found: readonly Found[]): Promise<ReadonlyMap<string, KnownDocument>> {
    const held = new Map<string, KnownDocument>()
    for (const batch of batchesOf(found.map(({ head }) => documentId(head)), LOOKUP)) {
      for (const [id, document] of await this.#deps.known.ofMany(batch)) held.set(id, document)
    }
    return held
  }

  /** Something to look into: unknown, newer, put away, or shown otherwise than it was. */
  #isFresh({ head, status }: Found, held: KnownDocument | undefined): boolean {
    if (status !== 'current') return held !== undefined
    const before = validatorsFrom(held?.validators)?.head
    if (!before) return true
    if (isNewer(head, before)) return true
    if (head.version < before.version) return false
    const after = head.attachments === undefined && before.attachments ? { ...head, attachments: before.attachments } : head
    return JSON.stringify(shown(after)) !== JSON.stringify(shown(before))
  }

  /** What the status does not say for certain (a draft beside the page, words of tomorrow) is left to the listing. */
  #remove({ head, status }: Found, tree: KnownTree): void {
    const presence = presenceOf({ status, space: this.#inSpaces(head) ? head.space : undefined }, undefined)
    if (isGone(presence)) tree.remove(head, presence)
  }

  #isThere({ head, status }: Found, tree: KnownTree): boolean {
    if (head.kind === 'comment' || status !== 'current' || !this.#inSpaces(head)) return false
    return this.#deps.selects(head) || tree.has(head)
  }

  #inSpaces({ space }: Head): boolean {
    return this.#deps.config.space_key.some((key) => scopeOf(key) === scopeOf(space))
  }
}

/** What a search shows of a head, and the payload too. */
function shown(head: Head) {
  return [head.title, scopeOf(head.space), parentOf(head), head.labels, head.attachments]
}

function isBefore(page: readonly Found[], time: number): boolean {
  const oldest = page.at(-1)?.head.updated
  return oldest !== undefined && Date.parse(oldest) < time
}

/** Ordered by time, to the minute, as the index orders. Where the order is not kept, nothing is concluded from it. */
function isDescending(page: readonly Found[]): boolean {
  const minutes = page.map(({ head }) => (head.updated ?? '').slice(0, 16))
  return minutes.every((minute, index) => index === 0 || minute <= (minutes[index - 1] ?? ''))
}
