import { excerptOf, storageReferences, storageToMarkdown } from '@qdrant-loader/content'
import type { IncludeReference, PageReference, UserReference } from '@qdrant-loader/content'
import type { Body, ConfluenceApi } from './api.ts'
import type { Site } from './base-url.ts'
import type { Borrowed, Head, Person } from './head.ts'
import { batchesOf } from './in-batches.ts'
import type { IncludeLookup } from './include-lookup.ts'
import { attachmentUrl, linkedPageUrl, pageUrl } from './location.ts'

/** A document's text with all that was found on the way to it. */
export interface Reading {
  /** As the body's answer says, which may be newer than the head that was asked for. */
  readonly head: Head
  readonly text: string
  /** Absent when the text shows nothing of other pages and people. */
  readonly borrowed: Borrowed | undefined
  /** Ids of the pages that it includes, and that those include. */
  readonly includes: readonly string[]
}

/** Includes in includes; Confluence itself gives up on those that go in circles. */
const MAX_INCLUDES_DEEP = 5
/** Bodies that are read and converted together. */
const AT_ONCE = 50

/** An included page whose body was read. */
interface IncludedPage {
  readonly id: string
  readonly version: number
  readonly storage: string
}

/** What a text includes, by {@link nameOf}. */
type IncludedPages = ReadonlyMap<string, { readonly page: PageReference; readonly found: IncludedPage | undefined }>

/** Reads bodies in bulk and converts them, with what they include and the names of the people they mention. */
export class Reader {
  readonly #api: ConfluenceApi
  readonly #site: Site
  readonly #names = new Map<string, string | undefined>()
  readonly #included = new Map<string, Promise<Body | undefined>>()

  constructor(api: ConfluenceApi, site: Site) {
    this.#api = api
    this.#site = site
  }

  /** Readings in the order of the heads, in batches; what is gone is left out. */
  async *read(heads: readonly Head[], lookup: IncludeLookup, signal: AbortSignal): AsyncGenerator<Reading> {
    for (const batch of batchesOf(heads, AT_ONCE)) {
      const bodies = await this.#api.bodies(batch, signal)
      const there = batch.flatMap((head) => {
        const body = bodies.get(head.id)
        return body ? [{ head, body }] : []
      })
      const pages = await Promise.all(there.map(async (one) => ({ ...one, included: await this.#includes(one.head, one.body.storage, lookup, signal) })))
      await this.learnNames(pages.flatMap(({ head, body, included }) => [...peopleIn(body.storage, included), ...editorOf(head, body)]), signal)
      for (const { head, body, included } of pages) yield this.#convert(this.#newer(head, body), body.storage, included)
    }
  }

  /** Looks names up that are not known yet. */
  async learnNames(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => !this.#names.has(id)).sort()
    if (unknown.length === 0) return
    const names = await this.#api.names(unknown, signal)
    for (const id of unknown) this.#names.set(id, names.get(id))
  }

  /** Takes names that came with a listing, so that they need not be looked up. */
  takeNames(people: Iterable<Person | undefined>): void {
    for (const person of people) if (person?.name !== undefined) this.#names.set(person.id, person.name)
  }

  /** What a text with this origin would borrow now: compared with what it did borrow, it tells whether it is stale. */
  async borrowedNow({ includes, people }: Borrowed, lookup: IncludeLookup, signal: AbortSignal): Promise<Borrowed> {
    await this.learnNames(people.map(({ id }) => id), signal)
    const found = await Promise.all(includes.map(({ page }) => lookup.find(page, page.spaceKey ?? '', signal)))
    return {
      includes: includes.map(({ page }, index) => ({ page, ...(found[index] && { id: found[index].id, version: found[index].version }) })),
      people: people.map(({ id }) => this.#person(id)),
    }
  }

  /** The head with what the body's answer says, when that is of another version. */
  #newer(head: Head, body: Body): Head {
    if (body.version === head.version) return head
    const { editor: _editor, updated: _updated, ...rest } = head
    const editor = body.editor && (body.editor.name === undefined ? this.#person(body.editor.id) : body.editor)
    return {
      ...rest,
      title: body.title,
      version: body.version,
      ...(body.updated !== undefined && { updated: body.updated }),
      ...(editor && { editor }),
    }
  }

  #person(id: string): Person {
    const name = this.#names.get(id)
    return { id, ...(name !== undefined && { name }) }
  }

  /** What a text includes, by what it calls it. Included pages are read once in a run. */
  async #includes(
    head: Head,
    storage: string,
    lookup: IncludeLookup,
    signal: AbortSignal,
  ): Promise<IncludedPages> {
    const included = new Map<string, { page: PageReference; found: IncludedPage | undefined }>()
    let open: { readonly reference: IncludeReference; readonly space: string }[] = includesIn(storage, head.space)
    for (let depth = 0; depth < MAX_INCLUDES_DEEP && open.length > 0; depth += 1) {
      const next: typeof open = []
      for (const { reference, space } of open) {
        const page = inSpace(reference.page, space)
        const name = nameOf(page)
        const found = included.get(name) ?? { page, found: await this.#page(page, lookup, signal) }
        included.set(name, found)
        if (found.found) next.push(...includesIn(shownOf(reference, found.found.storage), page.spaceKey ?? head.space))
      }
      open = next
    }
    return included
  }

  async #page(page: PageReference, lookup: IncludeLookup, signal: AbortSignal): Promise<IncludedPage | undefined> {
    const found = await lookup.find(page, page.spaceKey ?? '', signal)
    if (!found) return undefined
    const key = `${found.id} ${found.version}`
    const kind = page.kind === 'page' ? 'page' : 'blogpost'
    const reading = this.#included.get(key) ?? this.#api.bodies([{ ...found, kind }], signal).then((bodies) => bodies.get(found.id))
    this.#included.set(key, reading)
    const body = await reading
    return body && { id: found.id, version: found.version, storage: body.storage }
  }

  #convert(head: Head, storage: string, included: IncludedPages): Reading {
    const site = this.#site
    const ownPage = head.container ?? head.id
    const owned = (page: PageReference | undefined) => {
      if (page === undefined) return ownPage
      return page.contentId ?? included.get(nameOf(inSpace(page, head.space)))?.found?.id
    }
    const fileUrl = (fileName: string, page: PageReference | undefined) => {
      const owner = owned(page)
      return owner === undefined ? page && linkedPageUrl(site, page, head.space) : attachmentUrl(site, owner, fileName)
    }
    const url = head.kind === 'comment' ? undefined : pageUrl(site, head)
    const { markdown } = storageToMarkdown(storage, {
      baseUrl: site.webUrl,
      pageId: head.id,
      ...(url !== undefined && { pageUrl: url }),
      userName: (user) => this.#names.get(personId(user)),
      linkedPage: (page) => {
        const linked = linkedPageUrl(site, page, head.space)
        return linked === undefined ? undefined : { url: linked }
      },
      attachmentUrl: ({ fileName, page }) => fileUrl(fileName, page),
      included: (reference) => {
        const page = inSpace(reference.page, head.space)
        const found = included.get(nameOf(page))?.found
        if (!found) return undefined
        return { storage: shownOf(reference, found.storage), id: found.id, page: { ...page, contentId: found.id } }
      },
    })
    return { head, text: markdown, ...this.#origins(storage, included) }
  }

  #origins(storage: string, included: IncludedPages): Pick<Reading, 'borrowed' | 'includes'> {
    const people = [...new Set(peopleIn(storage, included))].sort().map((id) => this.#person(id))
    const includes = [...included.values()]
      .map(({ page, found }) => ({ page, ...(found && { id: found.id, version: found.version }) }))
      .toSorted((one, other) => (nameOf(one.page) < nameOf(other.page) ? -1 : 1))
    const borrowed = people.length + includes.length === 0 ? undefined : { includes, people }
    return { borrowed, includes: [...new Set(includes.flatMap(({ id }) => id ?? []))].sort() }
  }
}

/** The id under which people are known: account id, user key, or the name alone on old pages of Data Center. */
function personId({ kind, id }: UserReference): string {
  return kind === 'user-name' ? `name:${id}` : id
}

function peopleIn(storage: string, included: IncludedPages): string[] {
  const storages = [storage, ...[...included.values()].flatMap(({ found }) => found?.storage ?? [])]
  return storages.flatMap((text) => storageReferences(text).users.map(personId))
}

function editorOf(head: Head, body: Body): string[] {
  return body.version !== head.version && body.editor !== undefined && body.editor.name === undefined ? [body.editor.id] : []
}

function includesIn(storage: string, space: string): { reference: IncludeReference; space: string }[] {
  return storageReferences(storage).includes.map((reference) => ({ reference, space }))
}

/** What an include shows of a page: all of it, or an excerpt. */
function shownOf(reference: IncludeReference, storage: string): string {
  return reference.kind === 'page' ? storage : (excerptOf(storage, reference.excerpt) ?? '')
}

/** A reference with its space filled in, so that it means the same wherever it is read. */
function inSpace(page: PageReference, space: string): PageReference {
  return page.contentId === undefined && page.spaceKey === undefined ? { ...page, spaceKey: space } : page
}

function nameOf({ kind, contentId, spaceKey, title, postingDay }: PageReference): string {
  return JSON.stringify([kind, contentId ?? '', spaceKey ?? '', title ?? '', postingDay ?? ''])
}
