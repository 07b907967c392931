import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { PartCall, ServerHealth } from '@qdrant-loader/http'
import { checkDetails, rowUnreadable } from '../../errors.ts'
import { ContentsV1, ContentV1, readAnswer, SpacesV1, UserV1Schema } from '../../schemas.ts'
import { scopeOf } from '../../site/head.ts'
import type { Head } from '../../site/head.ts'
import type { Body, BodyRequest, ConfluenceApi, Enough, Found, FoundPage, Identity, Listed, ListedComments, NamedPage, PageKind, Refreshed, Space, Whereabouts } from '../confluence-api.ts'
import { bodyOf, EXPAND_ALL } from '../content-v1.ts'
import { batchesOf, mapLimited } from '../in-batches.ts'
import { AT_ONCE, DatacenterCalls, IDS, isRefusal } from './datacenter-calls.ts'
import type { DatacenterCallsDeps } from './datacenter-calls.ts'
import { DatacenterListing } from './datacenter-listing.ts'

const BODY_BYTES = 64_000_000
/** Single pages asked about in all, where no bulk route answers. */
const MAX_ALONE = 100

/** What {@link DatacenterApi} needs. */
export interface DatacenterApiDeps extends DatacenterCallsDeps {
  /** Called with the number of bodies that an answer carried. */
  readonly onBodies: (count: number) => void
}

/** Confluence Data Center: version 1 of the REST API throughout. confluence.js has no routes for it. */
export class DatacenterApi implements ConfluenceApi {
  readonly #deps: DatacenterApiDeps
  readonly #calls: DatacenterCalls
  readonly #listing: DatacenterListing

  constructor(deps: DatacenterApiDeps) {
    this.#deps = deps
    this.#calls = new DatacenterCalls(deps)
    this.#listing = new DatacenterListing(this.#calls)
  }

  get namesRefused(): boolean {
    return this.#calls.people.refused
  }

  get health(): ServerHealth {
    return this.#deps.health
  }

  get clock(): number | undefined {
    return this.#deps.http.clock
  }

  async identity(signal: AbortSignal): Promise<Identity> {
    const user = readAnswer(UserV1Schema, (await this.#calls.get('/rest/api/user/current', {}, { signal })).body, 'the current user')
    return user.type === 'anonymous' ? 'anonymous' : { name: user.displayName ?? user.username ?? user.userKey ?? 'unknown' }
  }

  async spaces(keys: readonly string[], signal: AbortSignal): Promise<readonly Space[]> {
    const spaces: Space[] = []
    for (const spaceKey of batchesOf(keys, IDS)) {
      const call = { what: 'the spaces', signal, most: spaceKey.length, limit: spaceKey.length }
      const { items: found, broken } = await this.#calls.walk(SpacesV1, '/rest/api/space', { spaceKey }, call)
      // One that cannot be shown cannot be read either, which is no reason to leave the others out.
      if (broken[0] && found.length === 0) throw rowUnreadable('the spaces', broken[0].error)
      for (const { key, status } of found) {
        if (status === 'archived') this.#calls.archived.add(scopeOf(key))
        else this.#calls.archived.delete(scopeOf(key))
      }
      spaces.push(...found.map(({ id, key, name }) => ({ id, key, name: name ?? key })))
    }
    return spaces
  }

  async search(cql: string, signal: AbortSignal, enough?: Enough): Promise<readonly Found[]> {
    const query = { cql, expand: EXPAND_ALL.join(',') }
    const told = enough && (async (page: readonly ContentV1[]) => enough(await this.#calls.found(page, signal)))
    const found = await this.#calls.found(await this.#calls.rows(ContentsV1, '/rest/api/content/search', query, { what: 'a search', signal, enough: told }), signal)
    for (const { head } of found) checkDetails(this.#calls.undetailed, head.id)
    return found
  }

  async found(ids: readonly string[], signal: AbortSignal): Promise<readonly Found[]> {
    const found = await this.#calls.found(await this.#calls.byIds(ids, EXPAND_ALL, signal), signal)
    return found.filter(({ head }) => !this.#calls.undetailed.has(head.id))
  }

  list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    return this.#listing.list(spaces, kinds, signal)
  }

  comments(spaces: readonly string[], signal: AbortSignal): Promise<ListedComments> {
    return this.#listing.comments(spaces, signal)
  }

  names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.#calls.names(ids, signal)
  }

  async showsPages({ key }: Space, kinds: readonly PageKind[], signal: AbortSignal): Promise<boolean> {
    try {
      for (const type of kinds) {
        const query = { spaceKey: key, type, status: 'current' }
        const shown = await this.#calls.walk(ContentsV1, '/rest/api/content', query, { what: `the ${type}s of ${key}`, signal, enough: async (contents) => contents.length > 0 })
        if (shown.items.length > 0) return true
      }
      return false
    } catch (error) {
      if (isRefusal(error)) return false
      throw error
    }
  }

  /** The search of Data Center finds by its index, and answers from the database: its heads are fresh as they are. */
  async refreshed(heads: readonly Head[], _spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed> {
    const whole = await this.#calls.withAttachments(heads, signal)
    for (const { id } of whole) checkDetails(this.#calls.undetailed, id)
    return { heads: whole, unplaced: new Set() }
  }

  async bodies(heads: readonly BodyRequest[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const found = new Map<string, Body | LoaderError>()
    const take = (contents: readonly ContentV1[]) => {
      this.#deps.onBodies(contents.length)
      for (const content of contents) if (content.status === 'current') found.set(content.id, bodyOf(content))
    }
    const options = { ...call, counts: 'none', maxBytes: BODY_BYTES } as const
    const expand = ['version', 'body.storage']
    take(await this.#calls.byIdsOnce(heads.map(({ id }) => id), expand, options))
    const stale = () => heads.filter(({ id, version }) => isStale(found.get(id), version)).map(({ id }) => id)
    if (this.#calls.archived.size > 0 && stale().length > 0) take(await this.#calls.archivedByIds(stale(), expand, options))
    // An index that lags does not know a page yet, or knows an older one.
    await mapLimited(stale(), AT_ONCE, async (id) => {
      const content = await this.#calls.contentSeen(id, expand.join(','), options)
      if (content?.status === 'current') found.set(id, bodyOf(content))
      else found.delete(id)
      if (content) this.#deps.onBodies(1)
    })
    return found
  }

  async whereabouts(ids: readonly string[], spaces: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Whereabouts>> {
    const configured = new Set(spaces.map(scopeOf))
    const wanted = new Set(ids)
    const found = new Map<string, Whereabouts>()
    const take = (content: ContentV1) => {
      const key = content.space?.key
      found.set(content.id, { status: content.status, space: key !== undefined && configured.has(scopeOf(key)) ? key : undefined })
    }
    for (const content of await this.#calls.byIds(ids, ['space'], signal)) take(content)
    if (found.size < ids.length) {
      for (const { key } of await this.spaces(spaces, signal)) {
        for (const type of ['page', 'blogpost']) {
          for (const content of await this.#trash(key, type, signal)) if (wanted.has(content.id)) take(content)
        }
      }
    }
    const rest = ids.filter((id) => !found.has(id))
    await mapLimited(rest.slice(0, MAX_ALONE), AT_ONCE, async (id) => {
      const content = await this.#calls.tried(signal, async () => (await this.#calls.contentSeen(id, 'space', { signal, retries: 1 })) ?? 'not there')
      if (content === undefined) found.set(id, { status: 'not shown', space: undefined })
      else if (content !== 'not there') take(content)
    })
    for (const id of rest.slice(MAX_ALONE)) found.set(id, { status: 'not asked', space: undefined })
    return found
  }

  /** What a space's trash shows. Where only its administrators may look into it, it shows nothing. */
  async #trash(spaceKey: string, type: string, signal: AbortSignal): Promise<readonly ContentV1[]> {
    const query = { spaceKey, type, status: 'trashed', expand: 'space' }
    try {
      return (await this.#calls.walk(ContentsV1, '/rest/api/content', query, { what: `the trash of ${spaceKey}`, signal })).items
    } catch (error) {
      if (isRefusal(error) || isHttpStatusError(error, 400)) return []
      throw error
    }
  }

  async commentStatus(id: string, _place: Head['place'], signal: AbortSignal): Promise<string | undefined> {
    const content = await this.#calls.tried(signal, async () => (await this.#calls.content(id, '', { signal, retries: 1 })) ?? 'not there').catch((error: unknown) => {
      // Refused is not the same as gone.
      if (isRefusal(error)) return undefined
      throw error
    })
    if (content === undefined) return 'not shown'
    return content === 'not there' ? undefined : content.status
  }

  async findPage(page: PageReference, signal: AbortSignal): Promise<FoundPage | undefined> {
    const { spaceKey, title } = page
    if (title === undefined || spaceKey === undefined) return undefined
    const kind = page.kind === 'page' ? 'page' : 'blogpost'
    const posted = page.postingDay !== undefined && { postingDay: page.postingDay.replaceAll('/', '-') }
    const query = { spaceKey, title, type: kind, status: 'current', expand: 'version,space', ...posted }
    try {
      const found = await this.#calls.rows(ContentsV1, '/rest/api/content', query, { what: 'included pages', signal })
      const [first] = found.toSorted((one, other) => Number(one.id) - Number(other.id))
      return first?.version && { id: first.id, kind, version: first.version.number, space: first.space?.key ?? spaceKey }
    } catch (error) {
      // A space that cannot be seen shows no page of this name.
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  async currentPages(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, NamedPage | LoaderError>> {
    const pages = new Map<string, NamedPage | LoaderError>()
    const take = ({ id, type, status, title, version, space }: ContentV1) => {
      const kind = type === 'page' || type === 'blogpost' ? type : undefined
      if (kind && version && status === 'current') pages.set(id, { id, kind, version: version.number, title, space: space?.key })
    }
    for (const content of await this.#calls.byIds(ids, ['version', 'space'], signal)) take(content)
    // The index may not know it yet.
    await mapLimited(ids.filter((id) => !pages.has(id)), AT_ONCE, async (id) => {
      const content = await this.#calls.triedAs(signal, () => this.#calls.contentSeen(id, 'version,space', { signal }))
      if (isLoaderError(content)) pages.set(id, content)
      else if (content) take(content)
    })
    return pages
  }

}

function isStale(body: Body | LoaderError | undefined, version: number): boolean {
  return body === undefined || (!isLoaderError(body) && body.version < version)
}
