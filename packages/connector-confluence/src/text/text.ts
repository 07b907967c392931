import { excerptOf, readStorage, storageReferences, storageToMarkdown } from '@qdrant-loader/content'
import type { IncludeReference, PageReference, StorageBody, StorageReferences, UserReference } from '@qdrant-loader/content'
import type { Site } from '../site/base-url.ts'
import type { Head, Person } from '../site/head.ts'
import { attachmentUrl, linkedPageUrl, pageUrl } from '../site/location.ts'
import type { Linked, Uses } from '../validators.ts'

/** A body that was parsed, once, and what it names. */
export interface ParsedBody {
  readonly body: StorageBody
  readonly names: StorageReferences
}

/** Parses a body. */
export function parseBody(storage: string | StorageBody): ParsedBody {
  const body = readStorage(storage)
  return { body, names: storageReferences(body) }
}

/** An included page whose body was read. */
export interface IncludedPage {
  readonly id: string
  readonly version: number
  readonly space: string | undefined
  readonly parsed: ParsedBody
}

/** What a text includes, by {@link nameOf}. */
export type IncludedPages = ReadonlyMap<string, { readonly page: PageReference; readonly found: IncludedPage | undefined }>

/** What was looked up for texts, answered at once. */
export interface Known {
  readonly person: (id: string) => Person
  /** Which of the pages that are read has this name. */
  readonly linked: (page: PageReference) => Linked
}

/** A text, and everything that it used beside its body. */
export interface Text {
  readonly text: string
  /** Absent when it is made of the body alone. */
  readonly uses: Uses | undefined
}

/**
 * The one way from a body to its text. What the conversion asks for is what the text depends on: it is written down as
 * it is asked, so that nothing can be used without being recorded.
 */
export function textOf(head: Head, { body }: ParsedBody, included: IncludedPages, known: Known, site: Site): Text {
  const people = new Map<string, Person>()
  const links = new Map<string, Linked>()
  const own = { space: false }
  const inOwnSpace = (page: PageReference): PageReference => {
    const placed = inSpace(page, head.space)
    if (placed !== page) own.space = true
    return placed
  }
  const pageAddress = (page: PageReference): string | undefined => {
    const placed = inOwnSpace(page)
    if (placed.contentId === undefined) links.set(nameOf(placed), known.linked(placed))
    return linkedPageUrl(site, placed)
  }
  const fileAddress = (fileName: string, page: PageReference | undefined): string | undefined => {
    if (page === undefined) return attachmentUrl(site, head.container ?? head.id, fileName)
    const owner = page.contentId ?? included.get(nameOf(inOwnSpace(page)))?.found?.id
    return owner === undefined ? pageAddress(page) : attachmentUrl(site, owner, fileName)
  }
  const url = head.kind === 'comment' ? undefined : pageUrl(site, head)
  const { markdown } = storageToMarkdown(body, {
    baseUrl: site.webUrl,
    pageId: head.id,
    ...(url !== undefined && { pageUrl: url }),
    userName: (user) => {
      const person = known.person(personId(user))
      people.set(person.id, person)
      return person.name
    },
    linkedPage: (page) => {
      const address = pageAddress(page)
      return address === undefined ? undefined : { url: address }
    },
    attachmentUrl: ({ fileName, page }) => fileAddress(fileName, page),
    included: (reference) => {
      const page = inOwnSpace(reference.page)
      if (page.contentId === undefined) links.set(nameOf(page), known.linked(page))
      const found = included.get(nameOf(page))?.found
      if (!found) return undefined
      const { space } = found
      return { storage: shownOf(reference, found.parsed)?.body ?? '', id: found.id, page: { ...page, contentId: found.id, ...(space !== undefined && { spaceKey: space }) } }
    },
  })
  const uses: Uses = {
    ...(markdown.includes(site.webUrl) && { site: site.webUrl }),
    ...((own.space || (url !== undefined && markdown.includes(url))) && { space: head.space }),
    includes: sortedByName([...included.values()].map(({ page, found }) => includedAs(page, found))),
    people: [...people.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    links: sortedByName([...links.values()]),
  }
  const usesNothing = uses.site === undefined && uses.space === undefined && uses.includes.length + uses.people.length + uses.links.length === 0
  return { text: markdown, uses: usesNothing ? undefined : uses }
}

/** How an included page is recorded. */
export function includedAs(page: PageReference, found: Pick<IncludedPage, 'id' | 'version' | 'space'> | undefined): Uses['includes'][number] {
  if (!found) return { page }
  const { id, version, space } = found
  return { page, id, version, ...(page.contentId !== undefined && space !== undefined && { space }) }
}

/** What an include shows of a page: all of it, or an excerpt; undefined when the page has no such excerpt. */
export function shownOf(reference: IncludeReference, parsed: ParsedBody): ParsedBody | undefined {
  if (reference.kind === 'page') return parsed
  const excerpt = excerptOf(parsed.body, reference.excerpt)
  return excerpt && parseBody(excerpt)
}

/** The id under which people are known: account id, user key, or the name alone on old pages of Data Center. */
export function personId({ kind, id }: UserReference): string {
  return kind === 'user-name' ? `name:${id}` : id
}

/** A reference with its space filled in, so that it means the same wherever it is read. */
export function inSpace(page: PageReference, space: string): PageReference {
  return page.contentId === undefined && page.spaceKey === undefined ? { ...page, spaceKey: space } : page
}

/** Equal for references that mean the same. */
export function nameOf({ kind, contentId, spaceKey, title, postingDay }: PageReference): string {
  return JSON.stringify([kind, contentId ?? '', spaceKey ?? '', title ?? '', postingDay ?? ''])
}

function sortedByName<Item extends { readonly page: PageReference }>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) => (nameOf(one.page) < nameOf(other.page) ? -1 : 1))
}
