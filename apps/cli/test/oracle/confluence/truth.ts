import type { ConfluenceSimulator, ConfluenceWorld, SimulatedContent } from '@qdrant-loader/simulators'
import type { ConfluenceHistory } from './history.ts'
import type { Setting } from './setting.ts'

/** What a simulated Confluence holds for the client's account: an account of it that owes nothing to the connector. */
export class Truth {
  readonly #world: ConfluenceWorld
  readonly #history: ConfluenceHistory
  readonly #setting: Setting

  constructor(simulator: ConfluenceSimulator, history: ConfluenceHistory, setting: Setting) {
    this.#world = simulator.world
    this.#history = history
    this.#setting = setting
  }

  /**
   * What is there for the account and selected, by the id of its document, with its lines. Contents of a lost space are
   * not gone.
   */
  live(): ReadonlyMap<string, readonly string[]> {
    const live = new Map<string, readonly string[]>()
    for (const content of this.#world.contents.values()) {
      const page = content.containerId === undefined ? content : this.#world.content(content.containerId)
      if (content.type === 'attachment' || (content.type === 'comment' && !this.#setting.comments)) continue
      if (!this.#isSelected(page)) continue
      live.set(content.type === 'comment' ? `comment/${content.id}` : content.id, this.#history.lines.get(content.id) ?? [])
    }
    return live
  }

  /** Ids of live documents that have text of their own: others may have no points. */
  withText(): Set<string> {
    return new Set(this.live().entries().flatMap(([id, lines]) => (lines.length > 0 ? [id] : [])))
  }

  /**
   * Those of these documents of which nothing can be said: their page was purged, or is hidden from the account, or is
   * in a trash that the account may not look into. Of a comment, its page tells; `pageOf` remembers which that was.
   */
  invisible(ids: Iterable<string>, pageOf: (comment: string) => string | undefined): Set<string> {
    return new Set([...ids].filter((id) => this.#isInvisible(id.startsWith('comment/') ? (pageOf(id) ?? '') : id)))
  }

  #isInvisible(page: string): boolean {
    const content = this.#world.contents.get(page)
    if (content === undefined) return true
    if (content.status === 'trashed' && this.#setting.trashNeedsAdmin) return true
    return [content, ...this.#world.ancestors(content)].some(({ hidden }) => hidden)
  }

  /** Names of the files on a page, sorted. */
  filesOn(id: string): string[] {
    return this.#world.attached(id).filter(({ type }) => type === 'attachment').map(({ title }) => title).toSorted()
  }

  /** The space, and the titles of everything above a page, folders included. */
  breadcrumbsOf(id: string): string[] {
    const page = this.#world.content(id)
    return [this.#world.spaceOf(page).name, ...this.#world.ancestors(page).map(({ title }) => title)]
  }

  #isSelected(page: SimulatedContent): boolean {
    const above = this.#world.ancestors(page)
    const { spaces, blogPosts, ancestor, wanted, unwanted } = this.#setting
    if (page.type !== 'page' && !(page.type === 'blogpost' && blogPosts)) return false
    if (page.status !== 'current' || !spaces.includes(this.#world.spaceOf(page).key)) return false
    if ([page, ...above].some(({ hidden }) => hidden)) return false
    if (ancestor !== undefined && ![page, ...above].some(({ id }) => id === ancestor)) return false
    if (wanted.length > 0 && !page.labels.some((label) => wanted.includes(label))) return false
    return !page.labels.some((label) => unwanted.includes(label))
  }
}
