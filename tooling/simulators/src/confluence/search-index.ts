import type { ContentStatus, ContentType } from './entities.ts'

/** What the search index knows of a content: as it was when it was indexed, not as it is. */
export interface IndexedContent {
  readonly id: string
  readonly type: ContentType
  readonly status: ContentStatus
  readonly spaceKey: string
  readonly spaceArchived: boolean
  readonly title: string
  readonly labels: readonly string[]
  readonly ancestors: readonly string[]
  readonly parentId: string | undefined
  readonly containerId: string | undefined
  /** Milliseconds since the epoch, cut to the minute: the index has no finer grain. */
  readonly lastModified: number
  readonly created: number
}

/** A search index that is behind the data by some time. */
export class SearchIndex {
  /** How far behind, in milliseconds; what changes from now on is subject to it. */
  lagMs: number
  readonly #contents = new Map<string, IndexedContent>()
  readonly #lastVisibleAt = new Map<string, number>()
  #waiting: { readonly visibleAt: number; readonly id: string; readonly entry: IndexedContent | undefined }[] = []

  constructor(lagMs: number) {
    this.lagMs = lagMs
  }

  /** Takes a change in; it shows up after the lag. `undefined`: the content is gone. */
  take(id: string, entry: IndexedContent | undefined, now: number): void {
    // Changes of one content show up in their order, whatever the lag was when each was taken in.
    const visibleAt = Math.max(this.#lastVisibleAt.get(id) ?? 0, now + this.lagMs)
    this.#lastVisibleAt.set(id, visibleAt)
    this.#waiting.push({ visibleAt, id, entry })
  }

  /** What a search sees at this time. */
  at(now: number): IteratorObject<IndexedContent> {
    for (const { visibleAt, id, entry } of this.#waiting) {
      if (visibleAt > now) continue
      if (entry === undefined) this.#contents.delete(id)
      else this.#contents.set(id, entry)
    }
    this.#waiting = this.#waiting.filter(({ visibleAt }) => visibleAt > now)
    return this.#contents.values()
  }

  /** Everything shows up at once, as after a rebuild of the index. */
  catchUp(): void {
    this.at(Number.POSITIVE_INFINITY)
  }
}
