import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import type { PartCall, ServerHealth } from '@qdrant-loader/http'
import { getCurrentUser } from 'confluence.js/v1'
import { getFooterCommentById, getInlineCommentById, getSpaces } from 'confluence.js/v2'
import { checkDetails, rowUnreadable } from '../../errors.ts'
import { CommentV2, readAnswer, SpacesV2, UserV1Schema } from '../../schemas.ts'
import type { ContentV1, PageV2 } from '../../schemas.ts'
import { scopeOf } from '../../site/head.ts'
import type { Head } from '../../site/head.ts'
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
} from '../confluence-api.ts'
import { bodyOf, EXPAND_ALL } from '../content-v1.ts'
import { batchesOf } from '../in-batches.ts'
import { nextIn } from '../next-link.ts'
import { walk } from '../walk.ts'
import { CloudCalls, isOfOne, PAGE_SIZE } from './cloud-calls.ts'
import type { CloudCallsDeps } from './cloud-calls.ts'
import { CloudListing } from './cloud-listing.ts'
import type { Content } from './cloud-listing.ts'
import { bodyV2, postedOn } from './page-v2.ts'

/** Ids in one query: short enough for every proxy's limit of a URL. */
const IDS = 100
const BODY_BYTES = 64_000_000

/** What {@link CloudApi} needs. */
export interface CloudApiDeps extends CloudCallsDeps {
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
  readonly #calls: CloudCalls
  readonly #listing: CloudListing

  constructor(deps: CloudApiDeps) {
    this.#deps = deps
    this.#calls = new CloudCalls(deps)
    this.#listing = new CloudListing(this.#calls)
  }

  get health(): ServerHealth {
    return this.#deps.health
  }

  get namesRefused(): boolean {
    return this.#calls.people.refused
  }

  get clock(): number | undefined {
    return this.#deps.http.clock
  }

  async identity(signal: AbortSignal): Promise<Identity> {
    const user = readAnswer(UserV1Schema, await this.#calls.call({ signal }, (client) => getCurrentUser(client)), 'the current user')
    return user.type === 'anonymous' ? 'anonymous' : { name: user.displayName ?? user.publicName ?? user.accountId ?? 'unknown' }
  }

  async spaces(keys: readonly string[], signal: AbortSignal): Promise<readonly Space[]> {
    const spaces: Space[] = []
    for (const batch of batchesOf(keys, PAGE_SIZE)) spaces.push(...(await this.#listSpaces({ keys: [...batch] }, signal)))
    return spaces
  }

  async search(cql: string, signal: AbortSignal, enough?: Enough): Promise<readonly Found[]> {
    const told = enough && (async (contents: readonly ContentV1[]) => enough(await this.#calls.found(contents, signal)))
    try {
      const found = await this.#calls.found(await this.#calls.searchContent(cql, EXPAND_ALL, { signal }, told), signal)
      for (const { head } of found) checkDetails(this.#calls.undetailed, head.id)
      return found
    } catch (error) {
      signal.throwIfAborted()
      if (!isOfOne(error)) throw error
      await this.#deps.health.failed(signal)
      throw rowUnreadable('a search', error)
    }
  }

  async found(ids: readonly string[], signal: AbortSignal): Promise<readonly Found[]> {
    const { parts } = await this.#calls.inParts(ids, IDS, signal, (batch, call) => this.#calls.searchIds(batch, EXPAND_ALL, call))
    return (await this.#calls.found(parts.flat(), signal)).filter(({ head }) => !this.#calls.undetailed.has(head.id))
  }

  list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    return this.#listing.list(spaces, kinds, signal)
  }

  comments(spaces: readonly string[], signal: AbortSignal): Promise<ListedComments> {
    return this.#listing.comments(spaces, signal)
  }

  async refreshed(heads: readonly Head[], spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed> {
    const fresh = await this.#listing.refreshed(heads, spaces, signal)
    for (const { id } of fresh.heads) checkDetails(this.#calls.undetailed, id)
    return fresh
  }

  names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.#calls.names(ids, signal)
  }

  async showsPages({ id }: Space, kinds: readonly PageKind[], signal: AbortSignal): Promise<boolean> {
    for (const kind of kinds) {
      const shown = await this.#calls.pages(kind, { spaceId: [Number(id)], status: ['current'] }, { signal }, async (pages) => pages.length > 0)
      if (shown.length > 0) return true
    }
    return false
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
    const pages = await this.#calls.byIdInParts('page', ids, signal, ['current', 'archived', 'trashed', 'deleted'])
    take(pages.pages)
    const rest = ids.filter((id) => !found.has(id) && !pages.errors.has(id))
    const posts = await this.#calls.byIdInParts('blogpost', rest, signal, ['current', 'trashed', 'deleted'])
    take(posts.pages)
    for (const id of [...pages.errors.keys(), ...posts.errors.keys()]) found.set(id, { status: 'not shown', space: undefined })
    return found
  }

  async commentStatus(id: string, place: Head['place'], signal: AbortSignal): Promise<string | undefined> {
    const comment = await this.#calls.tried(signal, async () => (await this.#comment(id, place, { signal, retries: 1 })) ?? 'not there')
    if (comment === undefined) return 'not shown'
    return comment === 'not there' ? undefined : comment.status
  }

  async findPage(page: PageReference, signal: AbortSignal): Promise<FoundPage | undefined> {
    if (page.title === undefined || page.spaceKey === undefined) return undefined
    const space = await this.#spaceOf(page.spaceKey, signal)
    if (!space) return undefined
    const kind = page.kind === 'page' ? 'page' : 'blogpost'
    const found = await this.#calls.pages(kind, { spaceId: [Number(space.id)], title: page.title, status: ['current'] }, { signal })
    const posted = page.postingDay === undefined ? found : postedOn(page.postingDay, found)
    const [first] = posted.toSorted((one, other) => Number(one.id) - Number(other.id))
    return first && { id: first.id, kind, version: first.version.number, space: space.key }
  }

  async currentPages(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, NamedPage | LoaderError>> {
    const { pages, errors } = await this.#calls.byIdInParts('page', ids, signal)
    const seen = new Set([...errors.keys(), ...pages.map(({ id }) => id)])
    const { pages: posts, errors: more } = await this.#calls.byIdInParts('blogpost', ids.filter((id) => !seen.has(id)), signal)
    const contents: Content[] = [
      ...pages.map((page) => ({ kind: 'page', page }) as const),
      ...posts.map((page) => ({ kind: 'blogpost', page }) as const),
    ]
    const keys = await this.#spaceKeys(new Set(contents.map(({ page }) => page.spaceId)), signal)
    const found = contents.map(({ kind, page: { id, title, version, spaceId } }) => [id, { id, kind, version: version.number, title, space: keys.get(spaceId) }] as const)
    return new Map<string, NamedPage | LoaderError>([...errors, ...more, ...found])
  }

  async #listSpaces(which: { readonly keys: string[] } | { readonly ids: number[] }, signal: AbortSignal): Promise<readonly Space[]> {
    const found = await walk(
      async (cursor) => {
        const parameters = { ...which, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) }
        const { results, _links } = readAnswer(SpacesV2, await this.#calls.call({ signal }, (client) => getSpaces(client, parameters)), 'the spaces')
        if (_links?.base !== undefined) this.#deps.onBase(_links.base)
        return { items: results, next: nextIn(_links?.next, 'cursor', 'the spaces') }
      },
      { what: 'the spaces' },
    )
    for (const { key, status } of found) {
      if (status === 'archived') this.#calls.archived.add(scopeOf(key))
      else this.#calls.archived.delete(scopeOf(key))
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
      const answer = await this.#calls.call({ ...call, accept: [404] }, (client) => read(client, parameters))
      if (answer !== undefined) return readAnswer(CommentV2, answer, `comment ${id}`)
    }
    return undefined
  }

  async #pageBodies(kind: PageKind, ids: readonly string[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const pages = await this.#calls.pages(kind, { id: ids.map(Number), status: ['current'], bodyFormat: 'storage' }, { ...call, ...BODY })
    this.#deps.onBodies(pages.length)
    return new Map(pages.map((page) => [page.id, bodyV2(page)]))
  }

  async #commentBodies(ids: readonly string[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const found = await this.#calls.searchIds(ids, ['version', 'body.storage'], { ...call, ...BODY })
    this.#deps.onBodies(found.length)
    return new Map(found.filter(({ status }) => status === 'current').map((content) => [content.id, bodyOf(content)]))
  }

}

/** How bodies are asked for. */
const BODY = { counts: 'none', maxBytes: BODY_BYTES } as const
