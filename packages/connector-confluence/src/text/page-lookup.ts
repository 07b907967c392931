import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import type { ConfluenceApi, FoundPage, NamedPage } from '../api/confluence-api.ts'
import { mapLimited } from '../api/in-batches.ts'
import { scopeOf } from '../site/head.ts'
import type { Head } from '../site/head.ts'
import type { Linked, Uses } from '../validators.ts'

/** Pages looked up by name at once: no route takes several names. */
const AT_ONCE = 4

/** What is known of pages already, so that they need not be looked up. */
export interface LookupBasis {
  /** Heads that are fresh from the server. */
  readonly heads: Iterable<Head>
  /** Keys of spaces all of whose current pages and blog posts of the kinds that are read are among `heads`. */
  readonly complete: readonly string[]
  /** Whether pages are among the kinds that are read: one that is not there does not exist then. */
  readonly pages: boolean
  /** Keys of the spaces that are read: of others, nothing is ever known. */
  readonly spaces: readonly string[]
  /** Heads as they were recorded: good enough to tell which page a link means, not what it says. */
  readonly recorded?: Iterable<Head>
}

/**
 * Finds the pages that others name. Included ones are looked up, each once in a run: those that were included before by
 * id, many at once; a page that has another name or place by now is looked up as if it had never been found. Linked ones
 * cost no request: of them it is told which one it is among the pages that are read.
 */
export class PageLookup {
  readonly #api: ConfluenceApi
  readonly #complete: ReadonlySet<string>
  readonly #pages: boolean
  readonly #spaces: ReadonlySet<string>
  /** What is current, by id; undefined for what is not. */
  readonly #current = new Map<string, NamedPage | LoaderError | undefined>()
  readonly #named = new Map<string, FoundPage | LoaderError | undefined>()
  /** Ids of what was found under a name before. */
  readonly #before = new Map<string, string>()
  /** Ids of pages, and of all blog posts of one title, that are read, by name. */
  readonly #read = new Map<string, string>()

  constructor(api: ConfluenceApi, basis: LookupBasis) {
    this.#api = api
    this.#complete = new Set(basis.complete.map(scopeOf))
    this.#pages = basis.pages
    this.#spaces = new Set(basis.spaces.map(scopeOf))
    this.#takeNames([...(basis.recorded ?? []), ...basis.heads])
    for (const { id, version, kind, space, title } of basis.heads) {
      if (kind !== 'comment') this.#current.set(id, { id, kind, version, title, space })
    }
    for (const page of this.#current.values()) {
      // Titles of blog posts are unique on one day only, so they are always asked about.
      if (page && !isLoaderError(page) && page.kind === 'page') this.#named.set(nameOf({ kind: 'page', spaceKey: page.space ?? '', title: page.title }), page)
    }
  }

  /** Takes what texts used when they were read last. */
  remember(uses: Iterable<Uses>): void {
    for (const { includes } of uses) {
      for (const { page, id } of includes) if (id !== undefined && page.kind === 'page') this.#before.set(nameOf(page), id)
    }
  }

  /** Which of the pages that are read has this name. Where that cannot be told, what was recorded of it stands. */
  linked(page: PageReference, before?: Linked): Linked {
    const id = this.#read.get(titleOf(page))
    if (id !== undefined) return { page, id }
    const scope = scopeOf(page.spaceKey ?? '')
    if (this.#complete.has(scope) || !this.#spaces.has(scope)) return { page }
    return before?.id === undefined ? { page, open: true } : before
  }

  /** Titles of blog posts are unique on one day only, in a zone that is not told: a link may mean any of them. */
  #takeNames(heads: Iterable<Head>): void {
    const current = new Map([...heads].filter(({ kind }) => kind !== 'comment').map((head) => [head.id, head]))
    for (const { id, kind, space, title } of [...current.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
      const name = titleOf({ kind: kind === 'page' ? 'page' : 'blog-post', spaceKey: space, title })
      const others = kind === 'page' ? undefined : this.#read.get(name)
      this.#read.set(name, others === undefined ? id : `${others} ${id}`)
    }
  }

  /** Looks up what is not known yet, so that {@link find} knows it. A reference by title names its space. */
  async learn(pages: readonly PageReference[], signal: AbortSignal): Promise<void> {
    const open = new Map(pages.map((page) => [nameOf(page), page]))
    for (const [name, page] of open) if (this.#isKnown(name, page)) open.delete(name)
    await this.#learnIds([...open].flatMap(([name, { contentId }]) => contentId ?? this.#before.get(name) ?? []), signal)
    const rest = [...open].filter(([name, page]) => page.contentId === undefined && !this.#isStillNamed(name, page))
    await mapLimited(rest, AT_ONCE, async ([name, page]) => {
      this.#named.set(name, await this.#api.findPage(page, signal))
    })
  }

  /** The page that is meant, as it is now; undefined when there is none that can be seen, an error when the server cannot show it. */
  find(page: PageReference): FoundPage | LoaderError | undefined {
    return page.contentId === undefined ? this.#named.get(nameOf(page)) : this.#current.get(page.contentId)
  }

  #isKnown(name: string, { kind, contentId, spaceKey }: PageReference): boolean {
    if (contentId !== undefined) return this.#current.has(contentId)
    return this.#named.has(name) || (kind === 'page' && this.#pages && this.#complete.has(scopeOf(spaceKey ?? '')))
  }

  async #learnIds(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => !this.#current.has(id)).sort()
    if (unknown.length === 0) return
    const pages = await this.#api.currentPages(unknown, signal)
    for (const id of unknown) this.#current.set(id, pages.get(id))
  }

  /** Titles are unique among the current pages of a space, so one that is still there under its name is the one. */
  #isStillNamed(name: string, { title, spaceKey = '' }: PageReference): boolean {
    const found = this.#current.get(this.#before.get(name) ?? '')
    // What cannot be shown is taken for what it was.
    if (isLoaderError(found)) {
      this.#named.set(name, found)
      return true
    }
    if (found?.kind !== 'page' || found.title !== title || scopeOf(found.space ?? '') !== scopeOf(spaceKey)) return false
    this.#named.set(name, found)
    return true
  }
}

function titleOf({ kind, spaceKey, title }: PageReference): string {
  return nameOf({ kind, ...(spaceKey !== undefined && { spaceKey }), ...(title !== undefined && { title }) })
}

/** Titles are compared without regard to case, as Confluence does. */
function nameOf({ kind, contentId, spaceKey = '', title = '', postingDay = '' }: PageReference): string {
  return JSON.stringify(contentId === undefined ? [kind, scopeOf(spaceKey), title.toLowerCase(), postingDay] : [contentId])
}
