import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import { isHttpStatusError, readInParts } from '@qdrant-loader/http'
import type { JsonAnswer, JsonCallOptions, JsonQuery, PartCall, ServerHealth } from '@qdrant-loader/http'
import type { z } from 'zod'
import type { Body, BodyRequest, BrokenRow, ConfluenceApi, Enough, Found, FoundPage, Identity, Listed, ListedComments, NamedPage, PageKind, Refreshed, Space, Whereabouts } from './api.ts'
import { MOST_BODIES } from './api.ts'
import { rowUnreadable } from './confluence-errors.ts'
import type { ConfluenceHttp } from './confluence-http.ts'
import { attachmentNames, bodyOf, documentsIn, EXPAND_ALL, EXPAND_COMMENT, EXPAND_PAGE, globalLabels } from './content-v1.ts'
import { within, withIds } from './cql.ts'
import { scopeOf } from './head.ts'
import type { Head } from './head.ts'
import { batchesOf, mapLimited } from './in-batches.ts'
import { KnownPeople } from './known-people.ts'
import type { Warn } from './known-people.ts'
import { mayBeOfOne } from './may-be-of-one.ts'
import { walkByPosition } from './walk-by-position.ts'
import type { PositionWalkOptions, Walked } from './walk-by-position.ts'
import { AttachmentsV1, ContentsV1, ContentV1, HitsV1, LabelsV1, readAnswer, SpacesV1, UserV1Schema } from './wire.ts'
import type { ResultsOf } from './wire.ts'

/**
 * What is asked for. The server cuts to what it allows: searches at 1,000, with expansions at 200, with bodies at 50
 * (https://confluence.atlassian.com/confkb/x/0QaVPQ); listings at what its administrator set.
 */
const LISTING = 200
const BODY_BYTES = 64_000_000
/** Ids in one query: short enough for every proxy's limit of a URL. */
const IDS = 100
/** Single pages asked about at once, and in all, where no bulk route answers. */
const AT_ONCE = 4
const MAX_ALONE = 100

/** What {@link DatacenterApi} needs. */
export interface DatacenterApiDeps {
  readonly http: ConfluenceHttp
  readonly health: ServerHealth
  readonly warn: Warn
  /** Called with the number of bodies that an answer carried. */
  readonly onBodies: (count: number) => void
}

/** Confluence Data Center: version 1 of the REST API throughout. confluence.js has no routes for it. */
export class DatacenterApi implements ConfluenceApi {
  readonly #deps: DatacenterApiDeps
  /** Scopes of archived spaces. The search of contents leaves them out; that of the whole site need not. */
  readonly #archived = new Set<string>()
  readonly #people: KnownPeople

  constructor(deps: DatacenterApiDeps) {
    this.#deps = deps
    this.#people = new KnownPeople(() => {
      deps.warn('Names of people cannot be looked up, so they are those that pages come with; give the user the permission to browse users')
    })
  }

  get namesRefused(): boolean {
    return this.#people.refused
  }

  get health(): ServerHealth {
    return this.#deps.health
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
      const found = await this.#rows(SpacesV1, '/rest/api/space', { spaceKey }, { what: 'the spaces', signal, most: spaceKey.length })
      for (const { key, status } of found) {
        if (status === 'archived') this.#archived.add(scopeOf(key))
        else this.#archived.delete(scopeOf(key))
      }
      spaces.push(...found.map(({ id, key, name }) => ({ id, key, name: name ?? key })))
    }
    return spaces
  }

  async search(cql: string, signal: AbortSignal, enough?: Enough): Promise<readonly Found[]> {
    const query = { cql, expand: EXPAND_ALL.join(',') }
    const told = enough && (async (page: readonly ContentV1[]) => enough(await this.#found(page, signal)))
    return this.#found(await this.#rows(ContentsV1, '/rest/api/content/search', query, { what: 'a search', signal, enough: told }), signal)
  }

  async found(ids: readonly string[], signal: AbortSignal): Promise<readonly Found[]> {
    return this.#found(await this.#byIds(ids, EXPAND_ALL, signal), signal)
  }

  async list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    const heads = new Map<string, Head>()
    const [refused, suspects, broken]: [string[], string[], BrokenRow[]] = [[], [], []]
    for (const { key } of spaces) {
      try {
        for (const type of kinds) {
          const listed = await this.#listSpace(key, type, signal)
          for (const head of listed.heads) heads.set(head.id, head)
          broken.push(...listed.broken)
          suspects.push(...listed.suspects)
        }
      } catch (error) {
        if (!isRefusal(error)) throw error
        refused.push(key)
      }
    }
    const kept = broken.filter(({ space }) => !refused.includes(space))
    return { heads: [...heads.values()].filter(({ space }) => !refused.includes(space)), unplaced: new Set(), refused, broken: kept, suspects, inPart: [] }
  }

  async #listSpace(key: string, type: PageKind, signal: AbortSignal): Promise<ListedSpace> {
    const what = `the ${type}s of ${key}`
    const query = { spaceKey: key, type, status: 'current', expand: EXPAND_PAGE.join(',') }
    const { items, broken } = await this.#walk(ContentsV1, '/rest/api/content', query, { what, signal, careful: true })
    const shown = (await this.#found(items, signal)).filter(({ status }) => status === 'current').map(({ head }) => head)
    const heads = await this.#withAttachments(shown, signal)
    if (broken.length === 0) return { heads, broken: [], suspects: [] }
    const named = await this.#nameRows({ key, type, query, broken }, new Set(items.map(({ id }) => id)), signal)
    return { heads: [...heads, ...named.heads], broken: named.broken, suspects: named.heads.map(({ id }) => id) }
  }

  /**
   * Finds out which pages are in the rows that a listing cannot show: by the row without anything else, or by the search
   * index. What a search can show of such a page is as good as the listing.
   */
  async #nameRows(
    { key, type, query, broken }: { readonly key: string; readonly type: PageKind; readonly query: JsonQuery; readonly broken: Walked<ContentV1>['broken'] },
    listed: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<{ readonly heads: readonly Head[]; readonly broken: readonly BrokenRow[] }> {
    const { expand: _expand, ...bare } = query
    const once = { signal, halves: false, retries: 0 } as const
    const heads: Head[] = []
    const rows: BrokenRow[] = []
    const unnamed: LoaderError[] = []
    const titles = new Map<string, string>()
    const errors = new Map<string, LoaderError>()
    for (const { position, error } of broken) {
      const row = await this.#tried(signal, () => this.#get('/rest/api/content', { ...bare, start: String(position), limit: '1' }, { signal, retries: 0 }))
      const content = row && readAnswer(ContentsV1, row.body, 'a row').results.find(({ id }) => !listed.has(id))
      if (content) {
        titles.set(content.id, content.title)
        errors.set(content.id, error)
      } else unnamed.push(error)
    }
    if (unnamed.length > 0) {
      const indexed = await this.#tried(signal, async () => this.#walk(ContentsV1, '/rest/api/content/search', { cql: within([key], [type]) }, { what: 'a search', ...once }))
      const others = (indexed?.items ?? []).filter(({ id, status }) => status === 'current' && !listed.has(id) && !errors.has(id))
      for (const { id, title } of others.slice(0, unnamed.length)) {
        titles.set(id, title)
        errors.set(id, unnamed.shift() as LoaderError)
      }
    }
    for (const [id, error] of errors) {
      const query = { cql: withIds([id]), expand: EXPAND_ALL.join(',') }
      const searched = await this.#tried(signal, async () => this.#walk(ContentsV1, '/rest/api/content/search', query, { what: 'a search', limit: 1, most: 1, ...once }))
      const [found] = await this.#found(searched?.items ?? [], signal)
      const head = found?.head.id === id && found.status === 'current' ? found.head : undefined
      if (head) heads.push(...(await this.#withAttachments([head], signal)))
      else rows.push({ space: key, kind: type, id, title: titles.get(id), error })
    }
    return { heads, broken: [...rows, ...unnamed.map((error) => ({ space: key, kind: type, id: undefined, title: undefined, error }))] }
  }

  /** What may fail for the same reason as what was asked for before; undefined then. */
  async #tried<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      if (!isLoaderError(error) || !mayBeOfOne(error)) throw error
      await this.#deps.health.failed(signal)
      return undefined
    }
  }

  async showsPages({ key }: Space, kinds: readonly PageKind[], signal: AbortSignal): Promise<boolean> {
    try {
      for (const type of kinds) {
        const query = { spaceKey: key, type, status: 'current' }
        const shown = await this.#walk(ContentsV1, '/rest/api/content', query, { what: `the ${type}s of ${key}`, signal, enough: async (contents) => contents.length > 0 })
        if (shown.items.length > 0) return true
      }
      return false
    } catch (error) {
      if (isRefusal(error)) return false
      throw error
    }
  }

  async comments(spaces: readonly string[], signal: AbortSignal): Promise<ListedComments> {
    const archived = spaces.filter((key) => this.#archived.has(scopeOf(key)))
    const found = [await this.#commentsOf(spaces.filter((key) => !archived.includes(key)), false, signal), await this.#commentsOf(archived, true, signal)]
    return { heads: found.flatMap(({ heads }) => heads), broken: found.flatMap(({ broken }) => broken) }
  }

  async #commentsOf(spaces: readonly string[], archived: boolean, signal: AbortSignal): Promise<ListedComments> {
    if (spaces.length === 0) return { heads: [], broken: [] }
    const walked = (keys: readonly string[], expand: readonly string[]) => {
      const call = { what: 'the comments', signal }
      const cql = within(keys, ['comment'])
      return archived
        ? this.#walk(HitsV1, '/rest/api/search', archivedQuery(cql, expand), call)
        : this.#walk(ContentsV1, '/rest/api/content/search', { cql, ...(expand.length > 0 && { expand: expand.join(',') }) }, call)
    }
    const { items, broken } = await walked(spaces, EXPAND_COMMENT)
    const heads = (await this.#found(items, signal)).filter(({ status }) => status === 'current').map(({ head }) => head)
    const [first] = broken
    if (!first) return { heads, broken: [] }
    // Which ones could not be shown is told by their ids alone.
    const shown = new Set(items.map(({ id }) => id))
    const rows: BrokenRow[] = []
    for (const space of spaces) {
      const bare = await walked([space], [])
      for (const { id } of bare.items) if (!shown.has(id)) rows.push({ space, kind: 'comment', id, title: undefined, error: first.error })
      for (const { error } of bare.broken) rows.push({ space, kind: 'comment', id: undefined, title: undefined, error })
    }
    return { heads, broken: rows }
  }

  /** The search of Data Center finds by its index, and answers from the database: its heads are fresh as they are. */
  async refreshed(heads: readonly Head[], _spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed> {
    return { heads: await this.#withAttachments(heads, signal), unplaced: new Set() }
  }

  async bodies(heads: readonly BodyRequest[], call: PartCall): Promise<ReadonlyMap<string, Body | LoaderError>> {
    const found = new Map<string, Body | LoaderError>()
    const take = (contents: readonly ContentV1[]) => {
      this.#deps.onBodies(contents.length)
      for (const content of contents) if (content.status === 'current') found.set(content.id, bodyOf(content))
    }
    const options = { ...call, counts: 'none', maxBytes: BODY_BYTES } as const
    const expand = ['version', 'body.storage']
    take(await this.#byIdsOnce(heads.map(({ id }) => id), expand, options))
    const stale = () => heads.filter(({ id, version }) => isStale(found.get(id), version)).map(({ id }) => id)
    if (this.#archived.size > 0 && stale().length > 0) take(await this.#archivedByIds(stale(), expand, options))
    // An index that lags does not know a page yet, or knows an older one.
    await mapLimited(stale(), AT_ONCE, async (id) => {
      const content = await this.#content(id, expand.join(','), options)
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
          for (const content of await this.#trash(key, type, signal)) if (wanted.has(content.id)) take(content)
        }
      }
    }
    const rest = ids.filter((id) => !found.has(id))
    await mapLimited(rest.slice(0, MAX_ALONE), AT_ONCE, async (id) => {
      const content = await this.#tried(signal, async () => (await this.#content(id, 'space', { signal, retries: 1 })) ?? 'not there')
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
      return (await this.#walk(ContentsV1, '/rest/api/content', query, { what: `the trash of ${spaceKey}`, signal })).items
    } catch (error) {
      if (isRefusal(error) || isHttpStatusError(error, 400)) return []
      throw error
    }
  }

  async commentStatus(id: string, _place: Head['place'], signal: AbortSignal): Promise<string | undefined> {
    const content = await this.#tried(signal, async () => (await this.#content(id, '', { signal, retries: 1 })) ?? 'not there')
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
      const found = await this.#rows(ContentsV1, '/rest/api/content', query, { what: 'included pages', signal })
      const [first] = found.toSorted((one, other) => Number(one.id) - Number(other.id))
      return first?.version && { id: first.id, kind, version: first.version.number, space: first.space?.key ?? spaceKey }
    } catch (error) {
      // A space that cannot be seen shows no page of this name.
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  async currentPages(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, NamedPage>> {
    const pages = new Map<string, NamedPage>()
    const take = ({ id, type, status, title, version, space }: ContentV1) => {
      const kind = type === 'page' || type === 'blogpost' ? type : undefined
      if (kind && version && status === 'current') pages.set(id, { id, kind, version: version.number, title, space: space?.key })
    }
    for (const content of await this.#byIds(ids, ['version', 'space'], signal)) take(content)
    // The index may not know it yet.
    await mapLimited(ids.filter((id) => !pages.has(id)), AT_ONCE, async (id) => {
      const content = await this.#tried(signal, () => this.#contentSeen(id, 'version,space', signal))
      if (content) take(content)
    })
    return pages
  }

  names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.#people.names(ids, async () => {
      const names = new Map<string, string>()
      await mapLimited(ids, AT_ONCE, async (id) => {
        const who = id.startsWith('name:') ? { username: id.slice('name:'.length) } : { key: id }
        const answer = await this.#get('/rest/api/user', who, { signal, accept: [404] })
        if (answer.status === 404) return
        const { displayName } = readAnswer(UserV1Schema, answer.body, 'a user')
        if (displayName) names.set(id, displayName)
      })
      return names
    })
  }

  /** What a search finds of these ids, in bulk. What cannot be shown is left out, and others are read. */
  async #byIds(ids: readonly string[], expand: readonly string[], signal: AbortSignal): Promise<readonly ContentV1[]> {
    const found: ContentV1[] = []
    const read = async (batch: readonly string[], call: PartCall) => {
      const contents = await this.#byIdsOnce(batch, expand, call)
      const known = new Set(contents.map(({ id }) => id))
      const rest = this.#archived.size > 0 ? batch.filter((id) => !known.has(id)) : []
      return rest.length === 0 ? contents : [...contents, ...(await this.#archivedByIds(rest, expand, call))]
    }
    const { health } = this.#deps
    for await (const part of readInParts(ids, { size: IDS, read, health, signal, describe: (id) => `page ${id}` })) {
      if (!part.error) found.push(...part.result)
    }
    return found
  }

  async #byIdsOnce(ids: readonly string[], expand: readonly string[], call: JsonCallOptions): Promise<readonly ContentV1[]> {
    const limit = expand.includes('body.storage') ? MOST_BODIES : LISTING
    const query = { cql: withIds(ids), expand: expand.join(',') }
    return (await this.#walk(ContentsV1, '/rest/api/content/search', query, { what: 'pages by id', halves: false, most: ids.length, limit, ...call })).items
  }

  async #archivedByIds(ids: readonly string[], expand: readonly string[], call: JsonCallOptions): Promise<readonly ContentV1[]> {
    return this.#searchArchived(withIds(ids), expand, { halves: false, most: ids.length, ...call })
  }

  /** Searches the whole site, archived spaces included. */
  #searchArchived(cql: string, expand: readonly string[], options: Omit<WalkCall<ContentV1>, 'what'>): Promise<readonly ContentV1[]> {
    const limit = expand.includes('body.storage') ? MOST_BODIES : LISTING
    return this.#rows(HitsV1, '/rest/api/search', archivedQuery(cql, expand), { limit, ...options, what: 'a search of archived spaces' })
  }

  async #content(id: string, expand: string, options: JsonCallOptions): Promise<ContentV1 | undefined> {
    const query = { status: 'any', ...(expand !== '' && { expand }) }
    const answer = await this.#get(`/rest/api/content/${encodeURIComponent(id)}`, query, { ...options, accept: [404] })
    return answer.status === 404 ? undefined : readAnswer(ContentV1, answer.body, `page ${id}`)
  }

  /** A content that others name: what is not open to the account is as if it were not there. */
  async #contentSeen(id: string, expand: string, signal: AbortSignal): Promise<ContentV1 | undefined> {
    try {
      return await this.#content(id, expand, { signal })
    } catch (error) {
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  #found(contents: readonly ContentV1[], signal: AbortSignal): Promise<readonly Found[]> {
    this.#people.take(contents)
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
  #ofPage<Item extends { readonly id: string }>(schema: z.ZodType<ResultsOf<Item>>, id: string, list: 'label' | 'child/attachment', signal: AbortSignal): Promise<readonly Item[]> {
    const path = `/rest/api/content/${encodeURIComponent(id)}/${list}`
    return this.#rows(schema, path, {}, { what: `the ${list} of ${id}`, signal, accept: [404] })
  }

  /** All rows of a listing, of which none may be missing. */
  async #rows<Item extends { readonly id: string }>(schema: Answer<Item>, path: string, query: JsonQuery, call: WalkCall<Item>): Promise<readonly Item[]> {
    const { items, broken } = await this.#walk(schema, path, query, call)
    if (broken[0]) throw rowUnreadable(call.what, broken[0].error)
    return items
  }

  #walk<Item extends { readonly id: string }>(
    schema: Answer<Item>,
    path: string,
    query: JsonQuery,
    { what, enough, most, careful, halves, retries, limit = LISTING, ...options }: WalkCall<Item>,
  ): Promise<Walked<Item>> {
    const load: PositionWalkOptions<Item>['load'] = async (start, limit, retries) => {
      const at = { ...query, limit: String(limit), ...(start > 0 && { start: String(start) }) }
      const answer = await this.#get(path, at, { ...options, ...(retries !== undefined && { retries }) })
      if (answer.status === 404) return { items: [], limit: undefined, more: false }
      const { results, limit: rows, _links } = readAnswer(schema, answer.body, what)
      const items = results.flatMap((result) => ('content' in result ? (result.content ?? []) : result))
      return { items, limit: rows, more: _links?.next !== undefined && _links.next !== '' }
    }
    const { health } = this.#deps
    return walkByPosition({ what, limit, load, health, signal: options.signal, enough, ...(most !== undefined && { most }), ...(careful !== undefined && { careful }), ...(halves !== undefined && { halves }), retries })
  }

  #get(path: string, query: JsonQuery, options: JsonCallOptions): Promise<JsonAnswer> {
    return this.#deps.http.get(path, query, options)
  }
}

interface ListedSpace extends Pick<Listed, 'heads' | 'broken' | 'suspects'> {}

type Answer<Item> = z.ZodType<ResultsOf<Item | { readonly content: Item | undefined }>>

type WalkCall<Item> = JsonCallOptions & Pick<PositionWalkOptions<Item>, 'what' | 'enough' | 'most' | 'careful' | 'halves'> & { readonly limit?: number }

function isStale(body: Body | LoaderError | undefined, version: number): boolean {
  return body === undefined || (!isLoaderError(body) && body.version < version)
}

/** Archived spaces are in the search of the whole site alone. */
function archivedQuery(cql: string, expand: readonly string[]): JsonQuery {
  return { cql, includeArchivedSpaces: 'true', ...(expand.length > 0 && { expand: expand.map((name) => `content.${name}`).join(',') }) }
}

/** 404 is all that a space says to those who may not see it. */
function isRefusal(error: unknown): boolean {
  return isHttpStatusError(error, 404) || (isLoaderError(error) && error.code === 'confluence_forbidden')
}
