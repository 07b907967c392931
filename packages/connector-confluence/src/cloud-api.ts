import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import { readInParts } from '@qdrant-loader/http'
import type { PartCall, ServerHealth } from '@qdrant-loader/http'
import type { Client } from 'confluence.js/core'
import { getCurrentUser, searchByCQL, searchContentByCQL } from 'confluence.js/v1'
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
  ListedComments,
  NamedPage,
  PageKind,
  Refreshed,
  Space,
  Whereabouts,
} from './api.ts'
import { MOST_BODIES } from './api.ts'
import { CloudDetails } from './cloud-details.ts'
import { CloudParents } from './cloud-parents.ts'
import type { ConfluenceHttp } from './confluence-http.ts'
import type { Details } from './cloud-details.ts'
import { bodyOf, documentsIn, EXPAND_ALL, EXPAND_COMMENT, EXPAND_DETAILS } from './content-v1.ts'
import { within, withIds } from './cql.ts'
import type { ContentKind } from './cql.ts'
import { scopeOf } from './head.ts'
import type { Head } from './head.ts'
import { batchesOf, mapLimited } from './in-batches.ts'
import { KnownPeople } from './known-people.ts'
import type { Warn } from './known-people.ts'
import { mayBeOfOne } from './may-be-of-one.ts'
import { nextIn } from './next-link.ts'
import { chainsOf } from './page-chains.ts'
import type { NodeSource, TreeNode } from './page-chains.ts'
import { bodyV2, headV2, nodeOf, postedOn } from './page-v2.ts'
import { together } from './together.ts'
import { transportOf } from './transport.ts'
import type { TransportOptions } from './transport.ts'
import { walk } from './walk.ts'
import type { ListingPage } from './walk.ts'
import { isRowUnreadable, rowUnreadable } from './confluence-errors.ts'
import { CommentV2, ContentsV1, HitsV1, PagesV2, readAnswer, SpacesV2, UsersV2, UserV1Schema } from './wire.ts'
import type { ContentV1, PageV2, ResultsOf } from './wire.ts'

/** The largest page of version 2; never varied during a walk, which would invalidate the cursor. */
const PAGE_SIZE = 250
/** Searches with expansions are cut at this many. */
const SEARCH_SIZE = 200
/** Ids in one query: short enough for every proxy's limit of a URL. */
const IDS = 100
/** Fewer, when one of them is known to make answers fail. */
const IDS_IN_TROUBLE = 50
const BODY_BYTES = 64_000_000
/** Pages asked about alone at once. */
const AT_ONCE = 4

type PageParameters = NonNullable<Parameters<typeof getPages>[1]>

/** What {@link CloudApi} needs. */
export interface CloudApiDeps {
  readonly http: ConfluenceHttp
  readonly health: ServerHealth
  readonly warn: Warn
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
  /** Scopes of archived spaces. The search of contents leaves them out; that of the whole site need not. */
  readonly #archived = new Set<string>()
  readonly #people: KnownPeople

  constructor(deps: CloudApiDeps) {
    this.#deps = deps
    this.#people = new KnownPeople(() => {
      deps.warn('Names of people cannot be looked up, so they are those that pages come with; give the token the scope read:user:confluence', {
        scope: 'read:user:confluence',
      })
    })
  }

  get health(): ServerHealth {
    return this.#deps.health
  }

  get namesRefused(): boolean {
    return this.#people.refused
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
    try {
      return await this.#found(await this.#searchContent(cql, EXPAND_ALL, { signal }, told), signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!isLoaderError(error) || !mayBeOfOne(error) || NO_ROW.has(error.code)) throw error
      await this.#deps.health.failed(signal)
      throw rowUnreadable('a search', error)
    }
  }

  async found(ids: readonly string[], signal: AbortSignal): Promise<readonly Found[]> {
    const { parts } = await this.#inParts(ids, IDS, signal, (batch, call) => this.#searchIds(batch, EXPAND_ALL, call))
    return this.#found(parts.flat(), signal)
  }

  async #searchIds(ids: readonly string[], expand: readonly string[], call: TransportOptions): Promise<readonly ContentV1[]> {
    const contents = await this.#searchContent(withIds(ids), expand, call)
    const known = new Set(contents.map(({ id }) => id))
    const rest = this.#archived.size > 0 ? ids.filter((id) => !known.has(id)) : []
    return rest.length === 0 ? contents : [...contents, ...(await this.#searchArchived(withIds(rest), expand, call))]
  }

  async list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    const [searched, ...parts] = await together(signal, (signal) => [
      this.#tried(signal, () => this.#details(signal, 1).search(spaces.map(({ key }) => key), kinds)),
      ...kinds.map(async (kind) => ({ kind, pages: await this.#tried(signal, () => this.#listPages(kind, spaces, signal)) })),
    ])
    const read = []
    for (const { kind, pages } of parts) read.push(pages ? { kind, pages, suspects: [] } : await this.#listByIds(kind, spaces, signal))
    const contents = [...new Map(read.flatMap(({ kind, pages }) => pages.map((page) => [page.id, { kind, page }] as const))).values()]
    const details = searched ? { contents: searched, broken: [] } : await this.#details(signal).ofIds(contents.map(({ page }) => page.id))
    const { heads, unplaced } = await this.#heads(contents, new Map(spaces.map((space) => [space.id, space])), {
      signal,
      details: await this.#details(signal).of(contents, details.contents),
      pages: async () => new Map<string, TreeNode>(),
      all: { spaces, kinds },
    })
    const suspects = read.flatMap(({ suspects }) => suspects)
    const rest = { refused: [], broken: [], suspects: [...suspects.map(({ id }) => id), ...details.broken], inPart: parts.every(({ pages }) => pages) ? [] : spaces.map(({ key }) => key) }
    if (unplaced.size === 0) return { ...rest, heads: [...heads, ...suspects], unplaced }
    // A parent that a complete listing lacks was put away while it was walked, and its children moved up.
    const again = await this.refreshed(heads.filter(({ id }) => unplaced.has(id)), spaces, signal)
    return { ...rest, heads: [...heads.filter(({ id }) => !unplaced.has(id)), ...again.heads, ...suspects], unplaced: again.unplaced }
  }

  /** A listing that takes too long is asked for in smaller pages, which must stay of one size: it starts anew. */
  async #listPages(kind: PageKind, spaces: readonly Space[], signal: AbortSignal): Promise<readonly PageV2[]> {
    const { health } = this.#deps
    for (;;) {
      const size = Math.min(PAGE_SIZE, health.mostAtOnce)
      try {
        return await this.#pages(kind, { spaceId: spaces.map(({ id }) => Number(id)), status: ['current'] }, { signal, retries: 1 })
      } catch (error) {
        if (!isLoaderError(error) || error.code !== 'http_timeout' || size <= SMALLEST_PAGE) throw error
        await health.failed(signal)
        health.tooSlow(size)
      }
    }
  }

  /**
   * Pages by their ids, which the search index knows: where the listing cannot be had because of one of them, the others
   * can. Of that one, the search shows what a listing would.
   */
  async #listByIds(kind: PageKind, spaces: readonly Space[], signal: AbortSignal): Promise<{ kind: PageKind; pages: readonly PageV2[]; suspects: readonly Head[] }> {
    const keys = spaces.map(({ key }) => key)
    const contents = (await this.#searchAll(keys, [kind], EXPAND_ALL, { signal })).filter(({ status }) => status === 'current')
    const { pages, broken, error } = await this.#byIdInParts(kind, contents.map(({ id }) => id), signal)
    // None of them can be had: it is not for one of them that the listing fails.
    if (error && pages.length === 0 && broken.length > 1) throw rowUnreadable(kind === 'page' ? 'the pages' : 'the blog posts', error)
    const lost = new Set(broken)
    const found = await this.#found(contents.filter(({ id }) => lost.has(id)), signal)
    const scopes = new Set(keys.map(scopeOf))
    const suspects = found.map(({ head }) => head).filter(({ space }) => scopes.has(scopeOf(space)))
    const whole = await mapLimited(suspects, AT_ONCE, async (head) => ({ ...head, attachments: head.attachments ?? (await this.#details(signal).attachments(kind, head.id)) }))
    return { kind, pages, suspects: whole }
  }

  /** What fails because of one thing, while the server serves others, is undefined. */
  async #tried<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      if (!isLoaderError(error) || !(mayBeOfOne(error) || isRowUnreadable(error)) || NO_ROW.has(error.code)) throw error
      await this.#deps.health.failed(signal)
      return undefined
    }
  }

  async showsPages({ id }: Space, kinds: readonly PageKind[], signal: AbortSignal): Promise<boolean> {
    for (const kind of kinds) {
      const shown = await this.#pages(kind, { spaceId: [Number(id)], status: ['current'] }, { signal }, async (pages) => pages.length > 0)
      if (shown.length > 0) return true
    }
    return false
  }

  async comments(spaces: readonly string[], signal: AbortSignal): Promise<ListedComments> {
    const all = await this.#tried(signal, () => this.#searchAll(spaces, ['comment'], EXPAND_COMMENT, { signal, retries: 1 }))
    if (all) return { heads: currentHeads(await this.#found(all, signal)), broken: [] }
    // One of them makes the search fail: which one is told by their ids alone.
    const ids = new Map<string, string>()
    for (const key of spaces) for (const { id } of await this.#searchAll([key], ['comment'], [], { signal })) ids.set(id, key)
    const { parts, errors } = await this.#inParts([...ids.keys()], IDS_IN_TROUBLE, signal, (batch, call) => this.#searchIds(batch, EXPAND_COMMENT, call))
    const broken = [...errors].map(([id, error]) => ({ space: ids.get(id) ?? '', kind: 'comment' as const, id, title: undefined, error }))
    return { heads: currentHeads(await this.#found(parts.flat(), signal)), broken }
  }

  async refreshed(heads: readonly Head[], spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed> {
    const wanted = new Map(heads.filter(({ kind }) => kind !== 'comment').map((head) => [head.id, head]))
    const readable = new Map(spaces.map((space) => [space.id, space]))
    const [posts, pages] = [idsOf(wanted, 'blogpost'), idsOf(wanted, 'page')]
    // The search named their ancestors too: they come along, and mostly nothing is left to look up.
    const above = [...wanted.values()].flatMap(({ ancestors }) => ancestors.map(([id]) => id))
    const { pages: found, broken } = await this.#byIdInParts('page', [...new Set([...pages, ...above])], signal)
    const { pages: foundPosts, broken: brokenPosts } = await this.#byIdInParts('blogpost', posts, signal)
    const nodes = new Map(found.map((page) => [page.id, nodeOf(page)]))
    const more = async (ids: readonly string[]) =>
      new Map((await this.#byIdInParts('page', ids, signal)).pages.map((page) => [page.id, nodeOf(page)]))
    const contents: Content[] = [
      ...found.filter(({ id }) => wanted.has(id)).map((page) => ({ kind: 'page', page }) as const),
      ...foundPosts.map((page) => ({ kind: 'blogpost', page }) as const),
    ]
    const there = contents.filter(({ page }) => readable.has(page.spaceId))
    const details = await this.#refreshedDetails(there, wanted, signal)
    const fresh = await this.#heads(there, readable, { signal, details, nodes, pages: more })
    // What the database cannot show is as the search shows it.
    const asFound = heads.filter(({ kind, id }) => kind === 'comment' || broken.includes(id) || brokenPosts.includes(id))
    return { heads: [...fresh.heads, ...asFound], unplaced: fresh.unplaced }
  }

  async bodies(heads: readonly BodyRequest[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const found = new Map<string, Body | LoaderError>()
    for (const kind of ['page', 'blogpost', 'comment'] as const) {
      const ids = heads.filter((head) => head.kind === kind).map(({ id }) => id)
      if (ids.length === 0) continue
      const read = kind === 'comment' ? await this.#commentBodies(ids, call) : await this.#pageBodies(kind, ids, call)
      for (const [id, body] of read) found.set(id, body)
    }
    // An index that lags does not know a comment yet, or knows an older one.
    for (const head of heads) {
      const body = found.get(head.id)
      if (head.kind !== 'comment' || (body && (isLoaderError(body) || body.version >= head.version))) continue
      const comment = await this.#comment(head.id, head.place, call)
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
    const pages = await this.#byIdInParts('page', ids, signal, ['current', 'archived', 'trashed', 'deleted'])
    take(pages.pages)
    const rest = ids.filter((id) => !found.has(id) && !pages.broken.includes(id))
    const posts = await this.#byIdInParts('blogpost', rest, signal, ['current', 'trashed', 'deleted'])
    take(posts.pages)
    for (const id of [...pages.broken, ...posts.broken]) found.set(id, { status: 'not shown', space: undefined })
    return found
  }

  async commentStatus(id: string, place: Head['place'], signal: AbortSignal): Promise<string | undefined> {
    const comment = await this.#tried(signal, async () => (await this.#comment(id, place, { signal, retries: 1 })) ?? 'not there')
    if (comment === undefined) return 'not shown'
    return comment === 'not there' ? undefined : comment.status
  }

  async findPage(page: PageReference, signal: AbortSignal): Promise<FoundPage | undefined> {
    if (page.title === undefined || page.spaceKey === undefined) return undefined
    const space = await this.#spaceOf(page.spaceKey, signal)
    if (!space) return undefined
    const kind = page.kind === 'page' ? 'page' : 'blogpost'
    const found = await this.#pages(kind, { spaceId: [Number(space.id)], title: page.title, status: ['current'] }, { signal })
    const posted = page.postingDay === undefined ? found : postedOn(page.postingDay, found)
    const [first] = posted.toSorted((one, other) => Number(one.id) - Number(other.id))
    return first && { id: first.id, kind, version: first.version.number, space: space.key }
  }

  async currentPages(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, NamedPage>> {
    const { pages } = await this.#byIdInParts('page', ids, signal)
    const seen = new Set(pages.map(({ id }) => id))
    const { pages: posts } = await this.#byIdInParts('blogpost', ids.filter((id) => !seen.has(id)), signal)
    const contents: Content[] = [
      ...pages.map((page) => ({ kind: 'page', page }) as const),
      ...posts.map((page) => ({ kind: 'blogpost', page }) as const),
    ]
    const keys = await this.#spaceKeys(new Set(contents.map(({ page }) => page.spaceId)), signal)
    return new Map(
      contents.map(({ kind, page: { id, title, version, spaceId } }) => [id, { id, kind, version: version.number, title, space: keys.get(spaceId) }]),
    )
  }

  names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.#people.names(ids, async () => {
      const names = new Map<string, string>()
      for (const accountIds of batchesOf(ids, PAGE_SIZE)) {
        const answer = await this.#call({ signal }, (client) => createBulkUserLookup(client, { body: { accountIds } }))
        for (const { accountId, displayName } of readAnswer(UsersV2, answer, 'people').results) {
          if (displayName) names.set(accountId, displayName)
        }
      }
      return names
    })
  }

  #details(signal: AbortSignal, retries?: number): CloudDetails {
    return new CloudDetails({
      call: (work) => this.#call({ signal, accept: [404] }, work),
      search: (keys, kinds) => this.#searchAll(keys, kinds, EXPAND_DETAILS, { signal, ...(retries !== undefined && { retries }) }),
      searchIds: async (ids) => {
        const { parts, errors } = await this.#inParts(ids, IDS_IN_TROUBLE, signal, (batch, call) => this.#searchIds(batch, EXPAND_DETAILS, call))
        return { contents: parts.flat(), broken: [...errors.keys()] }
      },
    })
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
      /** When these are all contents of these kinds in these spaces. */
      readonly all?: { readonly spaces: readonly Space[]; readonly kinds: readonly PageKind[] }
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
    const names = await this.#namesOf([...new Set(people as string[])].sort(), from.all, from.signal)
    const heads = contents.flatMap(({ kind, page }) => {
      const space = spaces.get(page.spaceId)
      return space ? [headV2(kind, page, space, chains.get(page.id)?.ancestors ?? [], from.details.get(page.id), names)] : []
    })
    return { heads, unplaced: new Set(heads.flatMap(({ id }) => (chains.get(id)?.whole === false ? [id] : []))) }
  }

  /** Where people may not be looked up, one search more shows the names of those who wrote and edited. */
  async #namesOf(ids: readonly string[], all: { readonly spaces: readonly Space[]; readonly kinds: readonly PageKind[] } | undefined, signal: AbortSignal) {
    const names = await this.names(ids, signal)
    if (!this.namesRefused || !all || ids.every((id) => names.has(id))) return names
    await this.#tried(signal, () => this.#searchAll(all.spaces.map(({ key }) => key), all.kinds, ['history', 'version'], { signal }))
    return this.#people.of(ids)
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
    for (const { key, status } of found) {
      if (status === 'archived') this.#archived.add(scopeOf(key))
      else this.#archived.delete(scopeOf(key))
    }
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

  async #comment(id: string, place: Head['place'], call: PartCall) {
    const parameters = { commentId: Number(id), bodyFormat: 'storage' } as const
    for (const at of place === undefined ? (['footer', 'inline'] as const) : [place]) {
      const read = at === 'footer' ? getFooterCommentById : getInlineCommentById
      const answer = await this.#call({ ...call, accept: [404] }, (client) => read(client, parameters))
      if (answer !== undefined) return readAnswer(CommentV2, answer, `comment ${id}`)
    }
    return undefined
  }

  async #pageBodies(kind: PageKind, ids: readonly string[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const pages = await this.#pages(kind, { id: ids.map(Number), status: ['current'], bodyFormat: 'storage' }, { ...call, ...BODY })
    this.#deps.onBodies(pages.length)
    return new Map(pages.map((page) => [page.id, bodyV2(page)]))
  }

  async #commentBodies(ids: readonly string[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const found = await this.#searchIds(ids, ['version', 'body.storage'], { ...call, ...BODY })
    this.#deps.onBodies(found.length)
    return new Map(found.filter(({ status }) => status === 'current').map((content) => [content.id, bodyOf(content)]))
  }

  /** By id, in bulk. `broken`: those that make answers fail; the others are read. */
  async #byIdInParts(
    kind: PageKind,
    ids: readonly string[],
    signal: AbortSignal,
    status: NonNullable<PageParameters['status']> = ['current'],
  ): Promise<{ readonly pages: readonly PageV2[]; readonly broken: readonly string[]; readonly error: LoaderError | undefined }> {
    const { parts, errors } = await this.#inParts(ids, PAGE_SIZE, signal, (batch, call) => this.#pages(kind, { id: batch.map(Number), status }, call))
    const [error] = errors.values()
    return { pages: parts.flat(), broken: [...errors.keys()], error }
  }

  /** In batches; `errors`: of the ids that make answers fail. */
  async #inParts<Result>(ids: readonly string[], size: number, signal: AbortSignal, read: (batch: readonly string[], call: PartCall) => Promise<Result>) {
    const parts: Result[] = []
    const errors = new Map<string, LoaderError>()
    const { health } = this.#deps
    for await (const part of readInParts(ids, { size, read, health, signal, describe: (id) => `content ${id}` })) {
      if (part.error) errors.set(part.items[0], part.error)
      else parts.push(part.result)
    }
    return { parts, errors }
  }

  #pages(
    kind: PageKind,
    parameters: PageParameters,
    options: TransportOptions,
    enough?: (pages: readonly PageV2[]) => Promise<boolean>,
  ): Promise<readonly PageV2[]> {
    const what = kind === 'page' ? 'the pages' : 'the blog posts'
    const list = kind === 'page' ? getPages : (getBlogPosts as typeof getPages)
    const limit = Math.min(PAGE_SIZE, this.#deps.health.mostAtOnce)
    return walk(
      (cursor) => this.#page(PagesV2, what, options, (client) => list(client, { ...parameters, limit, ...(cursor !== undefined && { cursor }) })),
      { what, enough },
    )
  }

  /** Everything of these kinds, of archived spaces as well. */
  async #searchAll(keys: readonly string[], kinds: readonly ContentKind[], expand: readonly string[], options: TransportOptions): Promise<readonly ContentV1[]> {
    const archived = keys.filter((key) => this.#archived.has(scopeOf(key)))
    const others = keys.filter((key) => !archived.includes(key))
    return [
      ...(others.length > 0 ? await this.#searchContent(within(others, kinds), expand, options) : []),
      ...(archived.length > 0 ? await this.#searchArchived(within(archived, kinds), expand, options) : []),
    ]
  }

  async #searchContent(
    cql: string,
    expand: readonly string[],
    options: TransportOptions,
    enough?: (contents: readonly ContentV1[]) => Promise<boolean>,
  ): Promise<readonly ContentV1[]> {
    const limit = searchLimit(expand)
    const found = await walk(
      (cursor) =>
        this.#page(ContentsV1, 'a search', options, (client) =>
          searchContentByCQL(client, { cql, expand: [...expand], limit, ...(cursor !== undefined && { cursor }) }),
        ),
      { what: 'a search', enough },
    )
    this.#people.take(found)
    return found
  }

  /** Searches the whole site, archived spaces included. */
  async #searchArchived(cql: string, expand: readonly string[], options: TransportOptions): Promise<readonly ContentV1[]> {
    const parameters = { cql, includeArchivedSpaces: true, limit: searchLimit(expand), expand: expand.map((name) => `content.${name}`) }
    const found = await walk(
      async (cursor) => {
        const answer = await this.#call(options, (client) => searchByCQL(client, { ...parameters, ...(cursor !== undefined && { cursor }) }))
        const { results, _links } = readAnswer(HitsV1, answer, 'a search of archived spaces')
        return { items: results.flatMap(({ content }) => content ?? []), next: nextIn(_links?.next, 'cursor', 'a search of archived spaces') }
      },
      { what: 'a search of archived spaces' },
    )
    this.#people.take(found)
    return found
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

/** How bodies are asked for. */
const BODY = { counts: 'none', maxBytes: BODY_BYTES } as const

/** Smaller pages of a listing are not tried: pages are asked for by their ids then. */
const SMALLEST_PAGE = 30

/** A listing that is not to be had at all, whatever is in it. */
const NO_ROW: ReadonlySet<string> = new Set(['confluence_cursor_expired', 'confluence_listing_broken', 'http_bad_url'])

function currentHeads(found: readonly Found[]): Head[] {
  return found.filter(({ status }) => status === 'current').map(({ head }) => head)
}

function searchLimit(expand: readonly string[]): number {
  return expand.includes('body.storage') ? MOST_BODIES : SEARCH_SIZE
}

function idsOf(heads: ReadonlyMap<string, Head>, kind: PageKind): string[] {
  return [...heads.values()].filter((head) => head.kind === kind).map(({ id }) => id)
}

interface Content {
  readonly kind: PageKind
  readonly page: PageV2
}
