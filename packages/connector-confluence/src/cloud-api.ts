import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import type { Client } from 'confluence.js/core'
import { getCurrentUser, searchContentByCQL } from 'confluence.js/v1'
import {
  createBulkUserLookup,
  getBlogPosts,
  getFooterCommentById,
  getInlineCommentById,
  getPages,
  getSpaces,
} from 'confluence.js/v2'
import type { z } from 'zod'
import type {
  Body,
  BodyRequest,
  ConfluenceApi,
  Enough,
  Found,
  FoundPage,
  Identity,
  Listed,
  NamedPage,
  PageKind,
  Refreshed,
  Space,
  Whereabouts,
} from './api.ts'
import { CloudDetails } from './cloud-details.ts'
import { CloudParents } from './cloud-parents.ts'
import type { ConfluenceHttp } from './confluence-http.ts'
import type { Details } from './cloud-details.ts'
import { bodyOf, documentsIn, EXPAND_ALL, EXPAND_COMMENT, EXPAND_DETAILS } from './content-v1.ts'
import { within, withIds } from './cql.ts'
import { scopeOf } from './head.ts'
import type { Head } from './head.ts'
import { batchesOf, mapLimited } from './in-batches.ts'
import { nextIn } from './next-link.ts'
import { chainsOf } from './page-chains.ts'
import type { NodeSource, TreeNode } from './page-chains.ts'
import { bodyV2, headV2, nodeOf, postedOn } from './page-v2.ts'
import { together } from './together.ts'
import { transportOf } from './transport.ts'
import type { TransportOptions } from './transport.ts'
import { walk } from './walk.ts'
import type { ListingPage } from './walk.ts'
import { CommentV2, ContentsV1, PagesV2, readAnswer, SpacesV2, UsersV2, UserV1Schema } from './wire.ts'
import type { ContentV1, PageV2, ResultsOf } from './wire.ts'

/** The largest page of version 2; never varied during a walk, which would invalidate the cursor. */
const PAGE_SIZE = 250
/** Searches with expansions are cut at this many. */
const SEARCH_SIZE = 200
/** Bodies at once: few enough that the largest pages stay below the limit of an answer. */
const BODIES = 50
const BODY_BYTES = 64_000_000
/** Pages asked about alone at once. */
const AT_ONCE = 4

type PageParameters = NonNullable<Parameters<typeof getPages>[1]>

/** What {@link CloudApi} needs. */
export interface CloudApiDeps {
  readonly http: ConfluenceHttp
  /** Called with the number of bodies that an answer carried. */
  readonly onBodies: (count: number) => void
  /** Told the address of the site for people, which the gateway's own address does not tell. */
  readonly onBase: (url: string) => void
}

/**
 * Confluence Cloud. What exists, its title, parent and version come from version 2, which reads the database. Labels
 * and comments come from CQL, since version 2 has neither in bulk, and lag with the search index.
 */
export class CloudApi implements ConfluenceApi {
  readonly #deps: CloudApiDeps
  /** Spaces that were asked for, by scope. */
  readonly #spaces = new Map<string, Promise<Space | undefined>>()

  constructor(deps: CloudApiDeps) {
    this.#deps = deps
  }

  get clock(): number | undefined {
    return this.#deps.http.clock
  }

  async identity(signal: AbortSignal): Promise<Identity> {
    const user = readAnswer(UserV1Schema, await this.#call({ signal }, (client) => getCurrentUser(client)), 'the current user')
    return user.type === 'anonymous' ? 'anonymous' : { name: user.displayName ?? user.publicName ?? user.accountId ?? 'unknown' }
  }

  async spaces(keys: readonly string[], signal: AbortSignal): Promise<readonly Space[]> {
    const spaces: Space[] = []
    for (const batch of batchesOf(keys, PAGE_SIZE)) spaces.push(...(await this.#listSpaces({ keys: [...batch] }, signal)))
    return spaces
  }

  async search(cql: string, signal: AbortSignal, enough?: Enough): Promise<readonly Found[]> {
    const told = enough && (async (contents: readonly ContentV1[]) => enough(await this.#found(contents, signal)))
    return this.#found(await this.#searchContent(cql, EXPAND_ALL, { signal }, told), signal)
  }

  async list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    const ids = spaces.map(({ id }) => Number(id))
    const keys = spaces.map(({ key }) => key)
    const [searched, ...listed] = await together(signal, (signal) => [
      this.#searchContent(within(keys, kinds), EXPAND_DETAILS, { signal }),
      ...kinds.map(async (kind) => ({ kind, pages: await this.#pages(kind, { spaceId: ids, status: ['current'] }, signal) })),
    ])
    const contents = new Map(listed.flatMap(({ kind, pages }) => pages.map((page) => [page.id, { kind, page }] as const)))
    const { heads, unplaced } = await this.#heads([...contents.values()], new Map(spaces.map((space) => [space.id, space])), {
      signal,
      details: await this.#details(signal).of([...contents.values()], searched),
      pages: async () => new Map<string, TreeNode>(),
      all: true,
    })
    if (unplaced.size === 0) return { heads, unplaced, refused: [] }
    // A parent that a complete listing lacks was put away while it was walked, and its children moved up.
    const again = await this.refreshed(heads.filter(({ id }) => unplaced.has(id)), spaces, signal)
    return { heads: [...heads.filter(({ id }) => !unplaced.has(id)), ...again.heads], unplaced: again.unplaced, refused: [] }
  }

  async showsPages({ id }: Space, kinds: readonly PageKind[], signal: AbortSignal): Promise<boolean> {
    for (const kind of kinds) {
      const shown = await this.#pages(kind, { spaceId: [Number(id)], status: ['current'] }, signal, async (pages) => pages.length > 0)
      if (shown.length > 0) return true
    }
    return false
  }

  async comments(spaces: readonly string[], signal: AbortSignal): Promise<readonly Head[]> {
    const found = await this.#found(await this.#searchContent(within(spaces, ['comment']), EXPAND_COMMENT, { signal }), signal)
    return found.filter(({ status }) => status === 'current').map(({ head }) => head)
  }

  async refreshed(heads: readonly Head[], spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed> {
    const wanted = new Map(heads.filter(({ kind }) => kind !== 'comment').map((head) => [head.id, head]))
    const readable = new Map(spaces.map((space) => [space.id, space]))
    const [posts, pages] = [idsOf(wanted, 'blogpost'), idsOf(wanted, 'page')]
    // The search named their ancestors too: they come along, and mostly nothing is left to look up.
    const above = [...wanted.values()].flatMap(({ ancestors }) => ancestors.map(([id]) => id))
    const found = await this.#byId('page', [...new Set([...pages, ...above])], { status: ['current'] }, signal)
    const nodes = new Map(found.map((page) => [page.id, nodeOf(page)]))
    const more = async (ids: readonly string[]) =>
      new Map((await this.#byId('page', ids, { status: ['current'] }, signal)).map((page) => [page.id, nodeOf(page)]))
    const contents: Content[] = [
      ...found.filter(({ id }) => wanted.has(id)).map((page) => ({ kind: 'page', page }) as const),
      ...(await this.#byId('blogpost', posts, { status: ['current'] }, signal)).map((page) => ({ kind: 'blogpost', page }) as const),
    ]
    const there = contents.filter(({ page }) => readable.has(page.spaceId))
    const details = await this.#refreshedDetails(there, wanted, signal)
    const fresh = await this.#heads(there, readable, { signal, details, nodes, pages: more })
    return { heads: [...fresh.heads, ...heads.filter(({ kind }) => kind === 'comment')], unplaced: fresh.unplaced }
  }

  async bodies(heads: readonly BodyRequest[], signal: AbortSignal): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const found = new Map<string, Body | LoaderError>()
    for (const kind of ['page', 'blogpost', 'comment'] as const) {
      for (const batch of batchesOf(heads.filter((head) => head.kind === kind), BODIES)) {
        const ids = batch.map(({ id }) => id)
        const read = kind === 'comment' ? await this.#commentBodies(ids, signal) : await this.#pageBodies(kind, ids, signal)
        for (const [id, body] of read) found.set(id, body)
      }
    }
    // An index that lags does not know a comment yet, or knows an older one.
    for (const head of heads) {
      const body = found.get(head.id)
      if (head.kind !== 'comment' || (body && (isLoaderError(body) || body.version >= head.version))) continue
      const comment = await this.#comment(head.id, head.place, signal)
      if (comment?.status === 'current') found.set(head.id, bodyV2(comment))
      this.#deps.onBodies(1)
    }
    return found
  }

  async whereabouts(ids: readonly string[], spaces: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Whereabouts>> {
    const keys = new Map((await this.spaces(spaces, signal)).map(({ id, key }) => [id, key]))
    const found = new Map<string, Whereabouts>()
    const take = (pages: readonly PageV2[]) => {
      for (const page of pages) found.set(page.id, { status: page.status, space: keys.get(page.spaceId) })
    }
    take(await this.#byId('page', ids, { status: ['current', 'archived', 'trashed', 'deleted'] }, signal))
    const rest = ids.filter((id) => !found.has(id))
    take(await this.#byId('blogpost', rest, { status: ['current', 'trashed', 'deleted'] }, signal))
    return found
  }

  async commentStatus(id: string, place: Head['place'], signal: AbortSignal): Promise<string | undefined> {
    return (await this.#comment(id, place, signal))?.status
  }

  async findPage(page: PageReference, signal: AbortSignal): Promise<FoundPage | undefined> {
    if (page.title === undefined || page.spaceKey === undefined) return undefined
    const space = await this.#spaceOf(page.spaceKey, signal)
    if (!space) return undefined
    const kind = page.kind === 'page' ? 'page' : 'blogpost'
    const found = await this.#pages(kind, { spaceId: [Number(space.id)], title: page.title, status: ['current'] }, signal)
    const posted = page.postingDay === undefined ? found : postedOn(page.postingDay, found)
    const [first] = posted.toSorted((one, other) => Number(one.id) - Number(other.id))
    return first && { id: first.id, kind, version: first.version.number, space: space.key }
  }

  async currentPages(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, NamedPage>> {
    const pages = await this.#byId('page', ids, { status: ['current'] }, signal)
    const seen = new Set(pages.map(({ id }) => id))
    const posts = await this.#byId('blogpost', ids.filter((id) => !seen.has(id)), { status: ['current'] }, signal)
    const contents: Content[] = [
      ...pages.map((page) => ({ kind: 'page', page }) as const),
      ...posts.map((page) => ({ kind: 'blogpost', page }) as const),
    ]
    const keys = await this.#spaceKeys(new Set(contents.map(({ page }) => page.spaceId)), signal)
    return new Map(
      contents.map(({ kind, page: { id, title, version, spaceId } }) => [id, { id, kind, version: version.number, title, space: keys.get(spaceId) }]),
    )
  }

  async names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    for (const accountIds of batchesOf(ids, PAGE_SIZE)) {
      const answer = await this.#call({ signal }, (client) => createBulkUserLookup(client, { body: { accountIds } }))
      for (const { accountId, displayName } of readAnswer(UsersV2, answer, 'people').results) {
        if (displayName) names.set(accountId, displayName)
      }
    }
    return names
  }

  #details(signal: AbortSignal): CloudDetails {
    return new CloudDetails((work) => this.#call({ signal, accept: [404] }, work))
  }

  /** What the search said already; long lists of files, which it cut off, are read now. */
  async #refreshedDetails(
    contents: readonly Content[],
    found: ReadonlyMap<string, Head>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Details>> {
    const details = await mapLimited(contents, AT_ONCE, async ({ kind, page: { id } }) => {
      const { labels = [], attachments } = found.get(id) ?? {}
      return [id, { labels, attachments: attachments ?? (await this.#details(signal).attachments(kind, id)) }] as const
    })
    return new Map(details)
  }

  #found(contents: readonly ContentV1[], signal: AbortSignal): Promise<readonly Found[]> {
    return documentsIn(contents, (kind, id) => this.#details(signal).labels(kind, id))
  }

  async #heads(
    contents: readonly Content[],
    spaces: ReadonlyMap<string, Space>,
    from: {
      readonly signal: AbortSignal
      readonly details: ReadonlyMap<string, Details>
      /** What is known of the tree beside these contents. */
      readonly nodes?: ReadonlyMap<string, TreeNode>
      readonly pages: NodeSource['pages']
      /** Whether these are all contents of their spaces. */
      readonly all?: boolean
    },
  ): Promise<Refreshed> {
    const nodes = new Map([...(from.nodes ?? []), ...contents.map(({ page }) => [page.id, nodeOf(page)] as const)])
    const parents = new CloudParents({
      call: (work) => this.#call({ signal: from.signal, accept: [404] }, work),
      tops: from.all ? contents.flatMap(({ kind, page }) => (kind === 'page' && page.parentId === undefined ? [page.id] : [])) : [],
      pages: contents.length,
    })
    const chains = await chainsOf(contents.map(({ page }) => page.id), nodes, { pages: from.pages, others: (wanted) => parents.of(wanted) })
    const people = contents.flatMap(({ page }) => [page.authorId, page.version.authorId]).filter((id) => id !== undefined && id !== '')
    const names = await this.names([...new Set(people as string[])].sort(), from.signal)
    const heads = contents.flatMap(({ kind, page }) => {
      const space = spaces.get(page.spaceId)
      return space ? [headV2(kind, page, space, chains.get(page.id)?.ancestors ?? [], from.details.get(page.id), names)] : []
    })
    return { heads, unplaced: new Set(heads.flatMap(({ id }) => (chains.get(id)?.whole === false ? [id] : []))) }
  }

  async #listSpaces(which: { readonly keys: string[] } | { readonly ids: number[] }, signal: AbortSignal): Promise<readonly Space[]> {
    const found = await walk(
      async (cursor) => {
        const parameters = { ...which, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) }
        const { results, _links } = readAnswer(SpacesV2, await this.#call({ signal }, (client) => getSpaces(client, parameters)), 'the spaces')
        if (_links?.base !== undefined) this.#deps.onBase(_links.base)
        return { items: results, next: nextIn(_links?.next, 'cursor', 'the spaces') }
      },
      { what: 'the spaces' },
    )
    const spaces = found.map(({ id, key, name }) => ({ id, key, name: name ?? key }))
    for (const space of spaces) this.#spaces.set(scopeOf(space.key), Promise.resolve(space))
    return spaces
  }

  /** A space by key, asked for once in a run: an included page that is in no configured space may be one of many there. */
  #spaceOf(key: string, signal: AbortSignal): Promise<Space | undefined> {
    const known = this.#spaces.get(scopeOf(key)) ?? this.#listSpaces({ keys: [key] }, signal).then(([space]) => space)
    this.#spaces.set(scopeOf(key), known)
    return known
  }

  async #spaceKeys(ids: ReadonlySet<string>, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const known = (await Promise.all(this.#spaces.values())).filter((space) => space !== undefined)
    const keys = new Map(known.map(({ id, key }) => [id, key]))
    for (const batch of batchesOf([...ids].filter((id) => !keys.has(id)), PAGE_SIZE)) {
      for (const { id, key } of await this.#listSpaces({ ids: batch.map(Number) }, signal)) keys.set(id, key)
    }
    return keys
  }

  async #comment(id: string, place: Head['place'], signal: AbortSignal) {
    const parameters = { commentId: Number(id), bodyFormat: 'storage' } as const
    for (const at of place === undefined ? (['footer', 'inline'] as const) : [place]) {
      const read = at === 'footer' ? getFooterCommentById : getInlineCommentById
      const answer = await this.#call({ signal, accept: [404] }, (client) => read(client, parameters))
      if (answer !== undefined) return readAnswer(CommentV2, answer, `comment ${id}`)
    }
    return undefined
  }

  async #pageBodies(kind: PageKind, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const pages = await this.#byId(kind, ids, { status: ['current'], bodyFormat: 'storage' }, signal)
    this.#deps.onBodies(pages.length)
    return new Map(pages.map((page) => [page.id, bodyV2(page)]))
  }

  async #commentBodies(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Body>> {
    const found = await this.#searchContent(withIds(ids), ['version', 'body.storage'], { signal, counts: 'none', maxBytes: BODY_BYTES })
    this.#deps.onBodies(found.length)
    return new Map(found.filter(({ status }) => status === 'current').map((content) => [content.id, bodyOf(content)]))
  }

  async #byId(kind: PageKind, ids: readonly string[], parameters: PageParameters, signal: AbortSignal): Promise<readonly PageV2[]> {
    const found: PageV2[] = []
    for (const batch of batchesOf(ids, parameters.bodyFormat === undefined ? PAGE_SIZE : BODIES)) {
      found.push(...(await this.#pages(kind, { ...parameters, id: batch.map(Number) }, signal)))
    }
    return found
  }

  #pages(
    kind: PageKind,
    parameters: PageParameters,
    signal: AbortSignal,
    enough?: (pages: readonly PageV2[]) => Promise<boolean>,
  ): Promise<readonly PageV2[]> {
    const what = kind === 'page' ? 'the pages' : 'the blog posts'
    const list = kind === 'page' ? getPages : (getBlogPosts as typeof getPages)
    const options = parameters.bodyFormat === undefined ? { signal } : { signal, counts: 'none' as const, maxBytes: BODY_BYTES }
    return walk(
      (cursor) => this.#page(PagesV2, what, options, (client) => list(client, { ...parameters, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) })),
      { what, enough },
    )
  }

  #searchContent(
    cql: string,
    expand: readonly string[],
    options: TransportOptions,
    enough?: (contents: readonly ContentV1[]) => Promise<boolean>,
  ): Promise<readonly ContentV1[]> {
    const limit = expand.includes('body.storage') ? BODIES : SEARCH_SIZE
    return walk(
      (cursor) =>
        this.#page(ContentsV1, 'a search', options, (client) =>
          searchContentByCQL(client, { cql, expand: [...expand], limit, ...(cursor !== undefined && { cursor }) }),
        ),
      { what: 'a search', enough },
    )
  }

  async #page<Item>(
    schema: z.ZodType<ResultsOf<Item>>,
    what: string,
    options: TransportOptions,
    work: (client: Client) => Promise<unknown>,
  ): Promise<ListingPage<Item>> {
    const { results, _links } = readAnswer(schema, await this.#call(options, work), what)
    return { items: results, next: nextIn(_links?.next, 'cursor', what) }
  }

  async #call(options: TransportOptions, work: (client: Client) => Promise<unknown>): Promise<unknown> {
    return await work(transportOf(this.#deps.http, options))
  }
}

function idsOf(heads: ReadonlyMap<string, Head>, kind: PageKind): string[] {
  return [...heads.values()].filter((head) => head.kind === kind).map(({ id }) => id)
}

interface Content {
  readonly kind: PageKind
  readonly page: PageV2
}
