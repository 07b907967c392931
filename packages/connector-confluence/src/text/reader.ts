import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { IncludeReference, PageReference } from '@qdrant-loader/content'
import type { Body, BodyRequest, ConfluenceApi, FoundPage } from '../api/confluence-api.ts'
import { includeUnreadable, textUnreadable } from '../errors.ts'
import type { Site } from '../site/base-url.ts'
import { documentId } from '../site/head.ts'
import type { Head, Person } from '../site/head.ts'
import type { Uses } from '../validators.ts'
import type { PageLookup } from './page-lookup.ts'
import { nothingRead, readBodies } from './read-bodies.ts'
import { includedAs, inSpace, nameOf, parseBody, personId, shownOf, textOf } from './text.ts'
import type { IncludedPage, ParsedBody, Text } from './text.ts'

/** A document's text with all that was found on the way to it. */
export interface Reading extends Text {
  /** As the body's answer says, which may be newer than the head that was asked for. */
  readonly head: Head
}

/** A document whose text cannot be read now, while others can. */
export interface Unread {
  readonly head: Head
  readonly failure: LoaderError
}

/** Includes in includes; Confluence itself gives up on those that go in circles. */
const MAX_INCLUDES_DEEP = 5

/** Documents that are read again to see whether the server gives texts at all. */
const SAMPLE = 5

/** A reference, and the space in which it was written. */
interface Include {
  readonly reference: IncludeReference
  readonly space: string
}

/** A document on its way to its text. */
interface Draft {
  readonly head: Head
  readonly body: Body
  readonly parsed: ParsedBody
  /** By the name of each reference. */
  readonly included: Map<string, { readonly page: PageReference; readonly found: IncludedPage | undefined }>
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
  readonly #included = new Map<string, ParsedBody | LoaderError | undefined>()

  /** Ids of documents whose texts are read alone, since answers with them may fail. */
  readonly alone = new Set<string>()
  /** Why documents of this run could not be read, by their ids: they are not asked for again before the next one. */
  readonly failures = new Map<string, LoaderError>()

  constructor(api: ConfluenceApi, site: Site) {
    this.#api = api
    this.#site = site
  }

  /**
   * Readings in batches, in the order of the heads apart from those that are read alone; what is gone is left out. `readBefore` are others that have been read
   * some time: when a batch has no text at all, they tell whether that is the fault of its documents or of the server.
   * Without them (undefined) it is that of the documents.
   *
   * @throws LoaderError `confluence_body_missing`, transient, when the server gives no text at all.
   */
  async *read(heads: readonly Head[], lookup: PageLookup, signal: AbortSignal, readBefore?: readonly Head[]): AsyncGenerator<Reading | Unread> {
    for await (const { wanted: batch, bodies } of readBodies(this.#api, heads, this.alone, signal)) {
      const nothing = readBefore && nothingRead(bodies)
      if (nothing && !(await this.#givesText(readBefore, signal))) throw nothing
      const drafts = new Map<string, Draft>()
      for (const head of batch) {
        const body = bodies.get(head.id)
        if (!body || isLoaderError(body)) continue
        const parsed = parseBody(body.storage)
        drafts.set(head.id, { head, body, parsed, included: new Map(), open: includesIn(parsed, head.space), failure: undefined })
      }
      await this.#include([...drafts.values()], lookup, signal)
      await this.learnNames([...drafts.values()].flatMap((draft) => [...peopleIn(draft), ...editorOf(draft.head, draft.body)]), signal)
      for (const head of batch) {
        const body = bodies.get(head.id)
        const draft = drafts.get(head.id)
        const failure = isLoaderError(body) ? textUnreadable(head, body) : draft?.failure
        if (failure) {
          this.failures.set(documentId(head), failure)
          yield { head, failure }
        } else if (draft) yield this.#convert(this.#newer(head, draft.body), draft, lookup)
      }
    }
  }

  async #bodies(wanted: readonly BodyRequest[], signal: AbortSignal): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const all = new Map<string, Body | LoaderError>()
    for await (const { bodies } of readBodies(this.#api, wanted, this.alone, signal)) for (const [id, body] of bodies) all.set(id, body)
    return all
  }

  async #givesText(heads: readonly Head[], signal: AbortSignal): Promise<boolean> {
    const bodies = await this.#bodies(heads.slice(0, SAMPLE), signal)
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

  /** What texts would use now: compared with what they did use, it tells whether they are stale. */
  async usedNow(before: readonly { readonly head: Head; readonly uses: Uses }[], lookup: PageLookup, signal: AbortSignal): Promise<readonly Uses[]> {
    lookup.remember(before.map(({ uses }) => uses))
    await lookup.learn(before.flatMap(({ uses }) => uses.includes.map(({ page }) => page)), signal)
    await this.learnNames(before.flatMap(({ uses }) => uses.people.map(({ id }) => id)), signal)
    return before.map(({ head, uses }) => ({
      ...(uses.site !== undefined && { site: this.#site.webUrl }),
      ...(uses.space !== undefined && { space: head.space }),
      // A page that the server cannot show is what it was.
      includes: uses.includes.map((before) => {
        const found = lookup.find(before.page)
        return isLoaderError(found) ? before : includedAs(before.page, found)
      }),
      people: uses.people.map(({ id }) => this.#person(id)),
      links: uses.links.map((link) => lookup.linked(link.page, link)),
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
  async #include(drafts: readonly Draft[], lookup: PageLookup, signal: AbortSignal): Promise<void> {
    for (let depth = 0; depth < MAX_INCLUDES_DEEP; depth += 1) {
      const wanted = drafts.flatMap(({ open }) => open.map(({ reference, space }) => inSpace(reference.page, space)))
      if (wanted.length === 0) return
      await lookup.learn(wanted, signal)
      await this.#learnBodies(wanted.map((page) => lookup.find(page)).filter(isFound), signal)
      for (const draft of drafts) draft.open = draft.open.flatMap((include) => this.#includeOne(draft, include, lookup))
    }
  }

  async #learnBodies(pages: readonly FoundPage[], signal: AbortSignal): Promise<void> {
    const unknown = [...new Map(pages.map((page) => [page.id, page])).values()].filter((page) => !this.#included.has(versionOf(page)))
    const bodies = await this.#bodies(unknown, signal)
    for (const page of unknown) {
      const body = bodies.get(page.id)
      this.#included.set(versionOf(page), body === undefined || isLoaderError(body) ? body : parseBody(body.storage))
    }
  }

  /** Takes one included page in; returns what it includes itself. */
  #includeOne(draft: Draft, { reference, space }: Include, lookup: PageLookup): readonly Include[] {
    const page = inSpace(reference.page, space)
    const named = lookup.find(page)
    const at = isFound(named) ? named : undefined
    const parsed = at ? this.#included.get(versionOf(at)) : isLoaderError(named) ? named : undefined
    if (isLoaderError(parsed)) draft.failure ??= includeUnreadable(draft.head, page, parsed)
    const found = at && parsed && !isLoaderError(parsed) ? { id: at.id, version: at.version, space: page.spaceKey ?? at.space, parsed } : undefined
    draft.included.set(nameOf(page), { page, found })
    return found ? includesIn(shownOf(reference, found.parsed), found.space ?? draft.head.space) : []
  }

  #convert(head: Head, { parsed, included }: Draft, lookup: PageLookup): Reading {
    const known = { person: (id: string) => this.#person(id), linked: (page: PageReference) => lookup.linked(page) }
    return { head, ...textOf(head, parsed, included, known, this.#site) }
  }
}

function isFound(page: FoundPage | LoaderError | undefined): page is FoundPage {
  return page !== undefined && !isLoaderError(page)
}

function peopleIn({ parsed, included }: Draft): string[] {
  const bodies = [parsed, ...[...included.values()].flatMap(({ found }) => found?.parsed ?? [])]
  return bodies.flatMap(({ names }) => names.users.map(personId))
}

function editorOf(head: Head, body: Body): string[] {
  return body.version !== head.version && body.editor !== undefined && body.editor.name === undefined ? [body.editor.id] : []
}

function includesIn(parsed: ParsedBody | undefined, space: string): Include[] {
  return (parsed?.names.includes ?? []).map((reference) => ({ reference, space }))
}

function versionOf({ id, version }: FoundPage): string {
  return `${id} ${version}`
}
