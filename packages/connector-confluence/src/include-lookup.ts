import type { PageReference } from '@qdrant-loader/content'
import type { ConfluenceApi, FoundPage } from './api.ts'
import { scopeOf } from './head.ts'
import type { Head } from './head.ts'

/** What is known of pages already, so that they need not be looked up. */
export interface LookupBasis {
  /** Heads that are fresh from the server. */
  readonly heads: Iterable<Head>
  /** Keys of spaces all of whose current pages are among `heads`: what is not there does not exist. */
  readonly complete: readonly string[]
}

/** Finds the pages that others include, each once in a run. */
export class IncludeLookup {
  readonly #api: ConfluenceApi
  readonly #byId = new Map<string, Promise<FoundPage | undefined>>()
  readonly #byName = new Map<string, Promise<FoundPage | undefined>>()
  readonly #complete: ReadonlySet<string>

  constructor(api: ConfluenceApi, basis: LookupBasis) {
    this.#api = api
    this.#complete = new Set(basis.complete.map(scopeOf))
    for (const { id, version, kind, space, title } of basis.heads) {
      if (kind === 'comment') continue
      const found = Promise.resolve({ id, version })
      this.#byId.set(id, found)
      // Titles of blog posts are unique on one day only, so they are always asked about.
      if (kind === 'page') this.#byName.set(nameOf({ kind: 'page', title }, space), found)
    }
  }

  /** The page that is named, as it is now; undefined when there is none that can be seen. */
  find(page: PageReference, ownSpace: string, signal: AbortSignal): Promise<FoundPage | undefined> {
    if (page.contentId !== undefined) return this.#withId(page.contentId, signal)
    const name = nameOf(page, ownSpace)
    const known = this.#byName.get(name)
    if (known) return known
    const nowhere = page.kind === 'page' && this.#complete.has(scopeOf(page.spaceKey ?? ownSpace))
    const found = nowhere ? Promise.resolve(undefined) : this.#api.findPage(page, ownSpace, signal)
    this.#byName.set(name, found)
    return found
  }

  #withId(id: string, signal: AbortSignal): Promise<FoundPage | undefined> {
    const known = this.#byId.get(id)
    if (known) return known
    const found = this.#api.versions([id], signal).then((versions) => {
      const version = versions.get(id)
      return version === undefined ? undefined : { id, version }
    })
    this.#byId.set(id, found)
    return found
  }
}

/** Titles are compared without regard to case, as Confluence does. */
function nameOf(page: PageReference, ownSpace: string): string {
  return JSON.stringify([page.kind, scopeOf(page.spaceKey ?? ownSpace), (page.title ?? '').toLowerCase(), page.postingDay ?? ''])
}
