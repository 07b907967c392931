import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { JsonAnswer, JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import type { z } from 'zod'
import type { Body, ConfluenceApi, Enough, Found, FoundPage, Identity, Listed, PageKind, Refreshed, Space, Whereabouts } from './api.ts'
import type { ConfluenceHttp } from './confluence-http.ts'
import { attachmentNames, bodyOf, documentsIn, EXPAND_ALL, EXPAND_COMMENT, EXPAND_PAGE, globalLabels } from './content-v1.ts'
import { within, withIds } from './cql.ts'
import { scopeOf } from './head.ts'
import type { Head } from './head.ts'
import { batchesOf, mapLimited } from './in-batches.ts'
import { nextIn } from './next-link.ts'
import { walk } from './walk.ts'
import type { ListingPage } from './walk.ts'
import { AttachmentsV1, ContentsV1, ContentV1, LabelsV1, readAnswer, SpacesV1, UserV1Schema } from './wire.ts'
import type { ResultsOf } from './wire.ts'

/**
 * What is asked for. The server cuts to what it allows: searches at 1,000, with expansions at 200, with bodies at 50
 * (https://confluence.atlassian.com/confkb/x/0QaVPQ); listings at what its administrator set.
 */
const LISTING = 200
const BODIES = 50
const BODY_BYTES = 64_000_000
/** Ids in one query: short enough for every proxy's limit of a URL. */
const IDS = 100
/** Single pages asked about at once, and in all, where no bulk route answers. */
const AT_ONCE = 4
const MAX_ALONE = 100

/** What {@link DatacenterApi} needs. */
export interface DatacenterApiDeps {
  readonly http: ConfluenceHttp
  /** Called with the number of bodies that an answer carried. */
  readonly onBodies: (count: number) => void
}

/** Confluence Data Center: version 1 of the REST API throughout. confluence.js has no routes for it. */
export class DatacenterApi implements ConfluenceApi {
  readonly #deps: DatacenterApiDeps

  constructor(deps: DatacenterApiDeps) {
    this.#deps = deps
  }

  get clock(): number | undefined {
    return this.#deps.http.clock
  }

  async identity(signal: AbortSignal): Promise<Identity> {
    const user = readAnswer(UserV1Schema, (await this.#get('/rest/api/user/current', {}, { signal })).body, 'the current user')
    return user.type === 'anonymous' ? 'anonymous' : { name: user.displayName ?? user.username ?? user.userKey ?? 'unknown' }
  }

  async spaces(keys: readonly string[], signal: AbortSignal): Promise<readonly Space[]> {
    const spaces: Space[] = []
    for (const spaceKey of batchesOf(keys, IDS)) {
      const found = await this.#walk(SpacesV1, '/rest/api/space', { spaceKey, limit: LISTING }, 'the spaces', { signal })
      spaces.push(...found.map(({ id, key, name }) => ({ id, key, name: name ?? key })))
    }
    return spaces
  }

  async search(cql: string, signal: AbortSignal, enough?: Enough): Promise<readonly Found[]> {
    const query = { cql, limit: LISTING, expand: EXPAND_ALL.join(',') }
    const told = enough && (async (page: readonly ContentV1[]) => enough(await this.#found(page, signal)))
    return this.#found(await this.#walk(ContentsV1, '/rest/api/content/search', query, 'a search', { signal }, told), signal)
  }

  async list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    const heads = new Map<string, Head>()
    const refused: string[] = []
    for (const { key } of spaces) {
      try {
        for (const type of kinds) for (const head of await this.#listSpace(key, type, signal)) heads.set(head.id, head)
      } catch (error) {
        if (!isRefusal(error)) throw error
        refused.push(key)
      }
    }
    return { heads: [...heads.values()].filter(({ space }) => !refused.includes(space)), unplaced: new Set(), refused }
  }

  async #listSpace(key: string, type: PageKind, signal: AbortSignal): Promise<readonly Head[]> {
    const query = { spaceKey: key, type, status: 'current', limit: LISTING, expand: EXPAND_PAGE.join(',') }
    const contents = await this.#walk(ContentsV1, '/rest/api/content', query, `${type}s of ${key}`, { signal })
    const heads = (await this.#found(contents, signal)).filter(({ status }) => status === 'current').map(({ head }) => head)
    return this.#withAttachments(heads, signal)
  }

  async showsPages({ key }: Space, kinds: readonly PageKind[], signal: AbortSignal): Promise<boolean> {
    try {
      for (const type of kinds) {
        const query = { spaceKey: key, type, status: 'current', limit: LISTING }
        const shown = await this.#walk(ContentsV1, '/rest/api/content', query, `${type}s of ${key}`, { signal }, async (contents) => contents.length > 0)
        if (shown.length > 0) return true
      }
      return false
    } catch (error) {
      if (isRefusal(error)) return false
      throw error
    }
  }

  async comments(spaces: readonly string[], signal: AbortSignal): Promise<readonly Head[]> {
    const query = { cql: within(spaces, ['comment']), limit: LISTING, expand: EXPAND_COMMENT.join(',') }
    const contents = await this.#walk(ContentsV1, '/rest/api/content/search', query, 'comments', { signal })
    return (await this.#found(contents, signal)).filter(({ status }) => status === 'current').map(({ head }) => head)
  }

  /** The search of Data Center finds by its index, and answers from the database: its heads are fresh as they are. */
  async refreshed(heads: readonly Head[], _spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed> {
    return { heads: await this.#withAttachments(heads, signal), unplaced: new Set() }
  }

  async bodies(heads: readonly Pick<Head, 'id' | 'kind' | 'version'>[], signal: AbortSignal): Promise<ReadonlyMap<string, Body>> {
    const found = new Map<string, Body>()
    for (const batch of batchesOf(heads, BODIES)) {
      const query = { cql: withIds(batch.map(({ id }) => id)), limit: BODIES, expand: 'version,body.storage' }
      const options = { signal, counts: 'none', maxBytes: BODY_BYTES } as const
      const contents = await this.#walk(ContentsV1, '/rest/api/content/search', query, 'bodies', options)
      this.#deps.onBodies(contents.length)
      for (const content of contents) if (content.status === 'current') found.set(content.id, bodyOf(content))
    }
    // An index that lags does not know a page yet, or knows an older one.
    const stale = heads.filter(({ id, version }) => (found.get(id)?.version ?? -1) < version)
    await mapLimited(stale, AT_ONCE, async ({ id }) => {
      const content = await this.#content(id, 'version,body.storage', { signal, counts: 'none', maxBytes: BODY_BYTES })
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
    for (const content of await this.#byIds(ids, ['space'], signal)) take(content)
    if (found.size < ids.length) {
      for (const { key } of await this.spaces(spaces, signal)) {
        for (const type of ['page', 'blogpost']) {
          const query = { spaceKey: key, type, status: 'trashed', limit: LISTING, expand: 'space' }
          const trash = await this.#walk(ContentsV1, '/rest/api/content', query, `the trash of ${key}`, { signal })
          for (const content of trash) if (wanted.has(content.id)) take(content)
        }
      }
    }
    const rest = ids.filter((id) => !found.has(id)).slice(0, MAX_ALONE)
    await mapLimited(rest, AT_ONCE, async (id) => {
      const content = await this.#content(id, 'space', { signal })
      if (content) take(content)
    })
    return found
  }

  async commentStatus(id: string, _place: Head['place'], signal: AbortSignal): Promise<string | undefined> {
    return (await this.#content(id, '', { signal }))?.status
  }

  async findPage(page: PageReference, ownSpace: string, signal: AbortSignal): Promise<FoundPage | undefined> {
    const spaceKey = page.spaceKey ?? ownSpace
    if (page.title === undefined) return undefined
    const query = {
      spaceKey,
      title: page.title,
      type: page.kind === 'page' ? 'page' : 'blogpost',
      status: 'current',
      limit: LISTING,
      expand: 'version,space',
      ...(page.postingDay !== undefined && { postingDay: page.postingDay.replaceAll('/', '-') }),
    }
    const found = await this.#walk(ContentsV1, '/rest/api/content', query, 'included pages', { signal })
    const [first] = found.toSorted((one, other) => Number(one.id) - Number(other.id))
    return first?.version ? { id: first.id, version: first.version.number } : undefined
  }

  async versions(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const versions = new Map<string, number>()
    await mapLimited(ids, AT_ONCE, async (id) => {
      const content = await this.#content(id, 'version', { signal })
      if (content?.status === 'current' && content.version) versions.set(id, content.version.number)
    })
    return versions
  }

  async names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    await mapLimited(ids, AT_ONCE, async (id) => {
      const who = id.startsWith('name:') ? { username: id.slice('name:'.length) } : { key: id }
      const answer = await this.#get('/rest/api/user', who, { signal, accept: [404] })
      if (answer.status === 404) return
      const { displayName } = readAnswer(UserV1Schema, answer.body, 'a user')
      if (displayName) names.set(id, displayName)
    })
    return names
  }

  async #byIds(ids: readonly string[], expand: readonly string[], signal: AbortSignal): Promise<readonly ContentV1[]> {
    const found: ContentV1[] = []
    for (const batch of batchesOf(ids, IDS)) {
      const query = { cql: withIds(batch), limit: LISTING, expand: expand.join(',') }
      found.push(...(await this.#walk(ContentsV1, '/rest/api/content/search', query, 'pages by id', { signal })))
    }
    return found
  }

  async #content(id: string, expand: string, options: JsonCallOptions): Promise<ContentV1 | undefined> {
    const query = { status: 'any', ...(expand !== '' && { expand }) }
    const answer = await this.#get(`/rest/api/content/${encodeURIComponent(id)}`, query, { ...options, accept: [404] })
    return answer.status === 404 ? undefined : readAnswer(ContentV1, answer.body, `page ${id}`)
  }

  #found(contents: readonly ContentV1[], signal: AbortSignal): Promise<readonly Found[]> {
    return documentsIn(contents, (_kind, id) => this.#allLabels(id, signal))
  }

  /** Long lists of files are cut off in searches and listings, and read for each page alone. */
  #withAttachments(heads: readonly Head[], signal: AbortSignal): Promise<readonly Head[]> {
    return mapLimited(heads, AT_ONCE, async (head) => {
      if (head.kind === 'comment' || head.attachments) return head
      return { ...head, attachments: attachmentNames(await this.#ofPage(AttachmentsV1, head.id, 'child/attachment', signal)) }
    })
  }

  async #allLabels(id: string, signal: AbortSignal): Promise<string[]> {
    return globalLabels(await this.#ofPage(LabelsV1, id, 'label', signal))
  }

  /** A list of one page, which may be gone since it was seen. */
  #ofPage<Item>(schema: z.ZodType<ResultsOf<Item>>, id: string, list: 'label' | 'child/attachment', signal: AbortSignal): Promise<readonly Item[]> {
    const path = `/rest/api/content/${encodeURIComponent(id)}/${list}`
    const query = { limit: LISTING }
    return this.#walk(schema, path, query, `${list} of ${id}`, { signal, accept: [404] })
  }

  #walk<Item>(
    schema: z.ZodType<ResultsOf<Item>>,
    path: string,
    query: JsonQuery,
    what: string,
    options: JsonCallOptions,
    enough?: (items: readonly Item[]) => Promise<boolean>,
  ): Promise<readonly Item[]> {
    return walk(
      async (start): Promise<ListingPage<Item>> => {
        const answer = await this.#get(path, { ...query, ...(start !== undefined && { start }) }, options)
        if (answer.status === 404) return { items: [], next: undefined }
        const { results, _links } = readAnswer(schema, answer.body, what)
        return { items: results, next: nextIn(_links?.next, 'start', what) }
      },
      { what, enough },
    )
  }

  #get(path: string, query: JsonQuery, options: JsonCallOptions): Promise<JsonAnswer> {
    return this.#deps.http.get(path, query, options)
  }
}

/** 404 is all that a space says to those who may not see it. */
function isRefusal(error: unknown): boolean {
  return isHttpStatusError(error, 404) || (isLoaderError(error) && error.code === 'confluence_forbidden')
}
