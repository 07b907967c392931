import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { excerptOf, storageReferences, storageToMarkdown } from '@qdrant-loader/content'
import type { IncludeReference, PageReference, UserReference } from '@qdrant-loader/content'
import type { Body, ConfluenceApi, FoundPage } from './api.ts'
import type { Site } from './base-url.ts'
import type { Borrowed, Head, Person } from './head.ts'
import { batchesOf } from './in-batches.ts'
import type { IncludeLookup } from './include-lookup.ts'
import { attachmentUrl, linkedPageUrl, pageUrl } from './location.ts'
import { nothingRead, readBodies } from './read-bodies.ts'
import { includeUnreadable, textUnreadable } from './text-errors.ts'

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

/** A document whose text cannot be read now, while others can. */
export interface Unread {
  readonly head: Head
  readonly failure: LoaderError
}

/** Includes in includes; Confluence itself gives up on those that go in circles. */
const MAX_INCLUDES_DEEP = 5
/** Bodies that are read and converted together. */
const AT_ONCE = 50

/** Documents that are read again to see whether the server gives texts at all. */
const SAMPLE = 5

/** An included page whose body was read. */
interface IncludedPage {
  readonly id: string
  readonly version: number
  readonly storage: string
}

/** What a text includes, by {@link nameOf}. */
type IncludedPages = Map<string, { readonly page: PageReference; readonly found: IncludedPage | undefined }>

/** A reference, and the space in which it was written. */
interface Include {
  readonly reference: IncludeReference
  readonly space: string
}

/** A document on its way to its text. */
interface Draft {
  readonly head: Head
  readonly body: Body
  readonly included: IncludedPages
  /** What was found on the last level and not looked up yet. */
  open: readonly Include[]
  failure: LoaderError | undefined
}

/** Reads bodies in bulk and converts them, with what they include and the names of the people they mention. */
export class Reader {
  readonly #api: ConfluenceApi
  readonly #site: Site
  readonly #names = new Map<string, string | undefined>()
  /** Bodies of included pages, by id and version. */
  readonly #included = new Map<string, Body | LoaderError | undefined>()

  constructor(api: ConfluenceApi, site: Site) {
    this.#api = api
    this.#site = site
  }

  /**
   * Readings in the order of the heads, in batches; what is gone is left out. `readBefore` are others that have been read
   * some time: when a batch has no text at all, they tell whether that is the fault of its documents or of the server.
   * Without them (undefined) it is that of the documents.
   *
   * @throws LoaderError `confluence_body_missing`, transient, when the server gives no text at all.
   */
  async *read(heads: readonly Head[], lookup: IncludeLookup, signal: AbortSignal, readBefore?: readonly Head[]): AsyncGenerator<Reading | Unread> {
    for (const batch of batchesOf(heads, AT_ONCE)) {
      const bodies = await readBodies(this.#api, batch, signal)
      const nothing = readBefore && nothingRead(bodies)
      if (nothing && !(await this.#givesText(readBefore, signal))) throw nothing
      const drafts = new Map<string, Draft>()
      for (const head of batch) {
        const body = bodies.get(head.id)
        if (!body || isLoaderError(body)) continue
        drafts.set(head.id, { head, body, included: new Map(), open: includesIn(body.storage, head.space), failure: undefined })
      }
      await this.#include([...drafts.values()], lookup, signal)
      await this.learnNames([...drafts.values()].flatMap(({ head, body, included }) => [...peopleIn(body.storage, included), ...editorOf(head, body)]), signal)
      for (const head of batch) {
        const body = bodies.get(head.id)
        const draft = drafts.get(head.id)
        if (isLoaderError(body)) yield { head, failure: textUnreadable(head, body) }
        else if (draft) yield draft.failure ? { head, failure: draft.failure } : this.#convert(this.#newer(head, draft.body), draft.body.storage, draft.included)
      }
    }
  }

  async #givesText(heads: readonly Head[], signal: AbortSignal): Promise<boolean> {
    const bodies = await readBodies(this.#api, heads.slice(0, SAMPLE), signal)
    return [...bodies.values()].some((body) => !isLoaderError(body))
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

  /** Takes names that were recorded earlier, for people of whom nothing newer is known; also that there is none. */
  takeFormerNames(people: Iterable<Person>): void {
    for (const { id, name } of people) if (!this.#names.has(id)) this.#names.set(id, name)
  }

  /** What texts with these origins would borrow now: compared with what they did borrow, it tells whether they are stale. */
  async borrowedNow(before: readonly Borrowed[], lookup: IncludeLookup, signal: AbortSignal): Promise<readonly Borrowed[]> {
    const includes = before.flatMap((borrowed) => borrowed.includes)
    lookup.remember(includes)
    await lookup.learn(includes.map(({ page }) => page), signal)
    await this.learnNames(before.flatMap(({ people }) => people.map(({ id }) => id)), signal)
    return before.map((borrowed) => ({
      includes: borrowed.includes.map(({ page }) => {
        const found = lookup.find(page)
        return { page, ...(found && { id: found.id, version: found.version }) }
      }),
      people: borrowed.people.map(({ id }) => this.#person(id)),
    }))
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

  /** Finds what texts include, level by level for all of them. Included pages are read once in a run. */
  async #include(drafts: readonly Draft[], lookup: IncludeLookup, signal: AbortSignal): Promise<void> {
    for (let depth = 0; depth < MAX_INCLUDES_DEEP; depth += 1) {
      const wanted = drafts.flatMap(({ open }) => open.map(({ reference, space }) => inSpace(reference.page, space)))
      if (wanted.length === 0) return
      await lookup.learn(wanted, signal)
      await this.#learnBodies(wanted.flatMap((page) => lookup.find(page) ?? []), signal)
      for (const draft of drafts) draft.open = draft.open.flatMap((include) => this.#includeOne(draft, include, lookup))
    }
  }

  async #learnBodies(pages: readonly FoundPage[], signal: AbortSignal): Promise<void> {
    const unknown = [...new Map(pages.map((page) => [page.id, page])).values()].filter((page) => !this.#included.has(versionOf(page)))
    const bodies = await readBodies(this.#api, unknown, signal)
    for (const page of unknown) this.#included.set(versionOf(page), bodies.get(page.id))
  }

  /** Takes one included page in; returns what it includes itself. */
  #includeOne(draft: Draft, { reference, space }: Include, lookup: IncludeLookup): readonly Include[] {
    const page = inSpace(reference.page, space)
    const at = lookup.find(page)
    const body = at && this.#included.get(versionOf(at))
    if (isLoaderError(body)) draft.failure ??= includeUnreadable(draft.head, page, body)
    const found = at && body && !isLoaderError(body) ? { id: at.id, version: at.version, storage: body.storage } : undefined
    draft.included.set(nameOf(page), { page, found })
    return found ? includesIn(shownOf(reference, found.storage), page.spaceKey ?? draft.head.space) : []
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

function includesIn(storage: string, space: string): Include[] {
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

function versionOf({ id, version }: FoundPage): string {
  return `${id} ${version}`
}
