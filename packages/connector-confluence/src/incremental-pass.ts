import type { KnownDocument } from '@qdrant-loader/connector-sdk'
import type { Found } from './api.ts'
import type { ConfluenceChange, PassDeps } from './change-detector.ts'
import { changedSince } from './cql.ts'
import type { ContentKind } from './cql.ts'
import { documentId, parentOf, scopeOf, validatorsFrom } from './head.ts'
import type { Head } from './head.ts'
import { batchesOf } from './in-batches.ts'
import { KnownTree } from './known-tree.ts'

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

  async *changesSince(since: number, spaces: readonly string[]): AsyncGenerator<ConfluenceChange> {
    const found = await this.#found(since, spaces)
    const held = await this.#held(found)
    const fresh = found.filter((one) => this.#isFresh(one, held.get(documentId(one.head))))
    if (fresh.length === 0) return
    this.#deps.context.progress('reading changes')
    const tree = await KnownTree.load(this.#deps, spaces)
    for (const one of fresh) this.#remove(one, tree)
    const there = fresh.filter((one) => this.#isThere(one, tree)).map(({ head }) => head)
    const refreshed = await this.#deps.api.refreshed(there, spaces, this.#deps.signal)
    tree.take(refreshed)
    yield* tree.changes(fresh)
  }

  async #found(since: number, spaces: readonly string[]): Promise<readonly Found[]> {
    const { api, config, signal } = this.#deps
    const kinds: ContentKind[] = [...config.content_types, ...(config.include_comments ? ['comment' as const] : [])]
    const enough = async (page: readonly Found[]): Promise<boolean> => {
      const oldest = page.at(-1)?.head.updated
      if (oldest === undefined || Date.parse(oldest) >= since - INDEX_LAG_MS || !isDescending(page)) return false
      const held = await this.#held(page)
      return !page.some((one) => this.#isFresh(one, held.get(documentId(one.head))) && (held.has(documentId(one.head)) || this.#deps.selects(one.head)))
    }
    const found = await api.changed(changedSince(spaces, kinds, since), enough, signal)
    // A listing that moves while it is walked names things twice; the last word counts.
    return [...new Map(found.map((one) => [documentId(one.head), one])).values()]
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
    if (head.version > before.version) return true
    if (head.version < before.version) return false
    return JSON.stringify(shown(head)) !== JSON.stringify(shown(before))
  }

  #remove({ head, status }: Found, tree: KnownTree): void {
    if (status === 'archived') tree.remove(head, 'archived')
    else if (status !== 'current') tree.remove(head, 'deleted')
    else if (!this.#inSpaces(head)) tree.remove(head, 'out-of-scope')
  }

  #isThere({ head, status }: Found, tree: KnownTree): boolean {
    if (status !== 'current' || !this.#inSpaces(head)) return false
    return head.kind === 'comment' || this.#deps.selects(head) || tree.has(head)
  }

  #inSpaces({ space }: Head): boolean {
    return this.#deps.config.space_key.some((key) => scopeOf(key) === scopeOf(space))
  }
}

/** What a search shows of a head, and the payload too. */
function shown(head: Head) {
  return [head.title, scopeOf(head.space), parentOf(head), head.labels]
}

/** Ordered by time, to the minute, as the index orders. Where the order is not kept, nothing is concluded from it. */
function isDescending(page: readonly Found[]): boolean {
  const minutes = page.map(({ head }) => (head.updated ?? '').slice(0, 16))
  return minutes.every((minute, index) => index === 0 || minute <= (minutes[index - 1] ?? ''))
}
