import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { readInParts } from '@qdrant-loader/http'
import type { PartCall, ServerHealth } from '@qdrant-loader/http'
import type { Client } from 'confluence.js/core'
import { searchByCQL, searchContentByCQL } from 'confluence.js/v1'
import { createBulkUserLookup, getBlogPosts, getPages } from 'confluence.js/v2'
import type { z } from 'zod'
import { isRowUnreadable } from '../../errors.ts'
import { ContentsV1, HitsV1, PagesV2, readAnswer, UsersV2 } from '../../schemas.ts'
import type { ContentV1, PageV2, ResultsOf } from '../../schemas.ts'
import { scopeOf } from '../../site/head.ts'
import { MOST_BODIES } from '../confluence-api.ts'
import type { Found, PageKind } from '../confluence-api.ts'
import type { ConfluenceHttp } from '../confluence-http.ts'
import { documentsIn, EXPAND_DETAILS } from '../content-v1.ts'
import { within, withIds } from '../cql.ts'
import type { ContentKind } from '../cql.ts'
import { KnownPeople } from '../known-people.ts'
import type { Warn } from '../known-people.ts'
import { mayBeOfOne } from '../may-be-of-one.ts'
import { nextIn } from '../next-link.ts'
import { transportOf } from '../transport.ts'
import type { TransportOptions } from '../transport.ts'
import { walk } from '../walk.ts'
import type { ListingPage } from '../walk.ts'
import { CloudDetails } from './cloud-details.ts'

/** The largest page of version 2; never varied during a walk, which would invalidate the cursor. */
export const PAGE_SIZE = 250
/** Searches with expansions are cut at this many. */
const SEARCH_SIZE = 200
/** Fewer ids in one query than usual, when one of them is known to make answers fail. */
export const IDS_IN_TROUBLE = 50

/** A listing that is not to be had at all, whatever is in it. */
const NO_ROW: ReadonlySet<string> = new Set(['confluence_cursor_expired', 'confluence_listing_broken', 'http_bad_url'])

export type PageParameters = NonNullable<Parameters<typeof getPages>[1]>

/** What {@link CloudCalls} needs. */
export interface CloudCallsDeps {
  readonly http: ConfluenceHttp
  readonly health: ServerHealth
  readonly warn: Warn
}

/** Whether an answer may have failed because of one of the things in it. */
export function isOfOne(error: unknown): error is LoaderError {
  return isLoaderError(error) && (mayBeOfOne(error) || isRowUnreadable(error)) && !NO_ROW.has(error.code)
}

/** The routes of Cloud that lists and single things are read with: version 2, and the searches of version 1. */
export class CloudCalls {
  readonly #deps: CloudCallsDeps
  /** Scopes of archived spaces. The search of contents leaves them out; that of the whole site need not. */
  readonly archived = new Set<string>()
  readonly people: KnownPeople
  /** Pages whose labels or files cannot be read, while the server serves others; they seem to have none. */
  readonly undetailed = new Map<string, LoaderError>()

  constructor(deps: CloudCallsDeps) {
    this.#deps = deps
    this.people = new KnownPeople(() => {
      deps.warn('Names of people cannot be looked up, so they are those that pages come with; give the token the scope read:user:confluence', {
        scope: 'read:user:confluence',
      })
    })
  }

  get health(): ServerHealth {
    return this.#deps.health
  }

  /** What fails because of one thing, while the server serves others, is undefined. */
  async tried<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      if (!isOfOne(error)) throw error
      await this.#deps.health.failed(signal)
      return undefined
    }
  }

  details(signal: AbortSignal, retries?: number): CloudDetails {
    return new CloudDetails({
      call: (work) => this.call({ signal, accept: [404] }, work),
      unreadable: async (id, error) => {
        await this.tried(signal, () => Promise.reject(error as Error))
        if (isLoaderError(error)) this.undetailed.set(id, error)
      },
      search: (keys, kinds) => this.searchAll(keys, kinds, EXPAND_DETAILS, { signal, ...(retries !== undefined && { retries }) }),
      searchIds: async (ids) => {
        const { parts, errors } = await this.inParts(ids, IDS_IN_TROUBLE, signal, (batch, call) => this.searchIds(batch, EXPAND_DETAILS, call))
        return { contents: parts.flat(), broken: [...errors.keys()] }
      },
    })
  }

  found(contents: readonly ContentV1[], signal: AbortSignal): Promise<readonly Found[]> {
    return documentsIn(contents, (kind, id) => this.details(signal).labels(kind, id))
  }

  /** By id, in bulk. `errors`: of those that make answers fail; the others are read. */
  async byIdInParts(
    kind: PageKind,
    ids: readonly string[],
    signal: AbortSignal,
    status: NonNullable<PageParameters['status']> = ['current'],
  ): Promise<{ readonly pages: readonly PageV2[]; readonly errors: ReadonlyMap<string, LoaderError> }> {
    const { parts, errors } = await this.inParts(ids, PAGE_SIZE, signal, (batch, call) => this.pages(kind, { id: batch.map(Number), status }, call))
    return { pages: parts.flat(), errors }
  }

  /** In batches; `errors`: of the ids that make answers fail. */
  async inParts<Result>(ids: readonly string[], size: number, signal: AbortSignal, read: (batch: readonly string[], call: PartCall) => Promise<Result>) {
    const parts: Result[] = []
    const errors = new Map<string, LoaderError>()
    const { health } = this.#deps
    for await (const part of readInParts(ids, { size, read, health, signal, describe: (id) => `content ${id}` })) {
      if (part.error) errors.set(part.items[0], part.error)
      else parts.push(part.result)
    }
    return { parts, errors }
  }

  pages(
    kind: PageKind,
    parameters: PageParameters,
    options: TransportOptions,
    enough?: (pages: readonly PageV2[]) => Promise<boolean>,
  ): Promise<readonly PageV2[]> {
    const what = kind === 'page' ? 'the pages' : 'the blog posts'
    const list = kind === 'page' ? getPages : (getBlogPosts as typeof getPages)
    const limit = Math.min(PAGE_SIZE, this.#deps.health.mostAtOnce)
    return walk(
      (cursor) => this.page(PagesV2, what, options, (client) => list(client, { ...parameters, limit, ...(cursor !== undefined && { cursor }) })),
      { what, enough },
    )
  }

  /** Everything of these kinds, of archived spaces as well. */
  async searchAll(keys: readonly string[], kinds: readonly ContentKind[], expand: readonly string[], options: TransportOptions): Promise<readonly ContentV1[]> {
    const archived = keys.filter((key) => this.archived.has(scopeOf(key)))
    const others = keys.filter((key) => !archived.includes(key))
    return [
      ...(others.length > 0 ? await this.searchContent(within(others, kinds), expand, options) : []),
      ...(archived.length > 0 ? await this.searchArchived(within(archived, kinds), expand, options) : []),
    ]
  }

  async searchIds(ids: readonly string[], expand: readonly string[], call: TransportOptions): Promise<readonly ContentV1[]> {
    const contents = await this.searchContent(withIds(ids), expand, call)
    const known = new Set(contents.map(({ id }) => id))
    const rest = this.archived.size > 0 ? ids.filter((id) => !known.has(id)) : []
    return rest.length === 0 ? contents : [...contents, ...(await this.searchArchived(withIds(rest), expand, call))]
  }

  async searchContent(
    cql: string,
    expand: readonly string[],
    options: TransportOptions,
    enough?: (contents: readonly ContentV1[]) => Promise<boolean>,
  ): Promise<readonly ContentV1[]> {
    const limit = searchLimit(expand)
    const found = await walk(
      (cursor) =>
        this.page(ContentsV1, 'a search', options, (client) =>
          searchContentByCQL(client, { cql, expand: [...expand], limit, ...(cursor !== undefined && { cursor }) }),
        ),
      { what: 'a search', enough },
    )
    this.people.take(found)
    return found
  }

  /** Searches the whole site, archived spaces included. */
  async searchArchived(cql: string, expand: readonly string[], options: TransportOptions): Promise<readonly ContentV1[]> {
    const parameters = { cql, includeArchivedSpaces: true, limit: searchLimit(expand), expand: expand.map((name) => `content.${name}`) }
    const found = await walk(
      async (cursor) => {
        const answer = await this.call(options, (client) => searchByCQL(client, { ...parameters, ...(cursor !== undefined && { cursor }) }))
        const { results, _links } = readAnswer(HitsV1, answer, 'a search of archived spaces')
        return { items: results.flatMap(({ content }) => content ?? []), next: nextIn(_links?.next, 'cursor', 'a search of archived spaces') }
      },
      { what: 'a search of archived spaces' },
    )
    this.people.take(found)
    return found
  }

  async page<Item>(
    schema: z.ZodType<ResultsOf<Item>>,
    what: string,
    options: TransportOptions,
    work: (client: Client) => Promise<unknown>,
  ): Promise<ListingPage<Item>> {
    const { results, _links } = readAnswer(schema, await this.call(options, work), what)
    return { items: results, next: nextIn(_links?.next, 'cursor', what) }
  }

  async call(options: TransportOptions, work: (client: Client) => Promise<unknown>): Promise<unknown> {
    return await work(transportOf(this.#deps.http, options))
  }

  names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.people.names(ids, async () => {
      const names = new Map<string, string>()
      const read = (accountIds: readonly string[], call: PartCall) => this.call(call, (client) => createBulkUserLookup(client, { body: { accountIds: [...accountIds] } }))
      const { parts, errors } = await this.inParts(ids, PAGE_SIZE, signal, read)
      // Somebody who cannot be shown has the name that is known.
      for (const [id, name] of this.people.of([...errors.keys()])) names.set(id, name)
      for (const answer of parts) {
        for (const { accountId, displayName } of readAnswer(UsersV2, answer, 'people').results) {
          if (displayName) names.set(accountId, displayName)
        }
      }
      return names
    })
  }
}

function searchLimit(expand: readonly string[]): number {
  return expand.includes('body.storage') ? MOST_BODIES : SEARCH_SIZE
}
