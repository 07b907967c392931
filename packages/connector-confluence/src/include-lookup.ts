import type { PageReference } from '@qdrant-loader/content'
import type { ConfluenceApi, FoundPage, NamedPage } from './api.ts'
import { scopeOf } from './head.ts'
import type { Head, Included } from './head.ts'
import { mapLimited } from './in-batches.ts'

/** Pages looked up by name at once: no route takes several names. */
const AT_ONCE = 4

/** What is known of pages already, so that they need not be looked up. */
export interface LookupBasis {
  /** Heads that are fresh from the server. */
  readonly heads: Iterable<Head>
  /** Keys of spaces all of whose current pages are among `heads`: what is not there does not exist. */
  readonly complete: readonly string[]
}

/**
 * Finds the pages that others include, each once in a run. Those that were included before are asked for by id, many at
 * once; a page that has another name or place by now is looked up as if it had never been found.
 */
export class IncludeLookup {
  readonly #api: ConfluenceApi
  readonly #complete: ReadonlySet<string>
  /** What is current, by id; undefined for what is not. */
  readonly #current = new Map<string, NamedPage | undefined>()
  readonly #named = new Map<string, FoundPage | undefined>()
  /** Ids of what was found under a name before. */
  readonly #before = new Map<string, string>()

  constructor(api: ConfluenceApi, basis: LookupBasis) {
    this.#api = api
    this.#complete = new Set(basis.complete.map(scopeOf))
    for (const { id, version, kind, space, title } of basis.heads) {
      if (kind !== 'comment') this.#current.set(id, { id, kind, version, title, space })
    }
    for (const page of this.#current.values()) {
      // Titles of blog posts are unique on one day only, so they are always asked about.
      if (page?.kind === 'page') this.#named.set(nameOf({ kind: 'page', spaceKey: page.space ?? '', title: page.title }), page)
    }
  }

  /** Takes what texts included when they were read last. */
  remember(includes: Iterable<Included>): void {
    for (const { page, id } of includes) if (id !== undefined && page.kind === 'page') this.#before.set(nameOf(page), id)
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

  /** The page that is meant, as it is now; undefined when there is none that can be seen. */
  find(page: PageReference): FoundPage | undefined {
    return page.contentId === undefined ? this.#named.get(nameOf(page)) : this.#current.get(page.contentId)
  }

  #isKnown(name: string, { kind, contentId, spaceKey }: PageReference): boolean {
    if (contentId !== undefined) return this.#current.has(contentId)
    return this.#named.has(name) || (kind === 'page' && this.#complete.has(scopeOf(spaceKey ?? '')))
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
    if (found?.kind !== 'page' || found.title !== title || scopeOf(found.space ?? '') !== scopeOf(spaceKey)) return false
    this.#named.set(name, found)
    return true
  }
}

/** Titles are compared without regard to case, as Confluence does. */
function nameOf({ kind, contentId, spaceKey = '', title = '', postingDay = '' }: PageReference): string {
  return JSON.stringify(contentId === undefined ? [kind, scopeOf(spaceKey), title.toLowerCase(), postingDay] : [contentId])
}
