import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { PageReference } from '@qdrant-loader/content'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { JsonAnswer, JsonCallOptions, JsonQuery } from '@qdrant-loader/http'
import type { z } from 'zod'
import type { Body, ConfluenceApi, Enough, Found, FoundPage, Identity, Listed, NamedPage, PageKind, Refreshed, Space, Whereabouts } from './api.ts'
import type { ConfluenceHttp } from './confluence-http.ts'
import { attachmentNames, bodyOf, documentsIn, EXPAND_ALL, EXPAND_COMMENT, EXPAND_PAGE, globalLabels } from './content-v1.ts'
import { within, withIds } from './cql.ts'
import { scopeOf } from './head.ts'
import type { Head } from './head.ts'
import { batchesOf, mapLimited } from './in-batches.ts'
import { nextIn } from './next-link.ts'
import { walkByPosition } from './walk-by-position.ts'
import { AttachmentsV1, ContentsV1, ContentV1, HitsV1, LabelsV1, readAnswer, SpacesV1, UserV1Schema } from './wire.ts'
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
  /** Scopes of archived spaces. The search of contents leaves them out; that of the whole site need not. */
  readonly #archived = new Set<string>()

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
      for (const { key, status } of found) {
        if (status === 'archived') this.#archived.add(scopeOf(key))
        else this.#archived.delete(scopeOf(key))
      }
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
    const archived = spaces.filter((key) => this.#archived.has(scopeOf(key)))
    const others = spaces.filter((key) => !archived.includes(key))
    const query = { cql: within(others, ['comment']), limit: LISTING, expand: EXPAND_COMMENT.join(',') }
    const contents = [
      ...(others.length > 0 ? await this.#walk(ContentsV1, '/rest/api/content/search', query, 'comments', { signal }) : []),
      ...(archived.length > 0 ? await this.#searchArchived(within(archived, ['comment']), EXPAND_COMMENT, { signal }) : []),
    ]
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
    const stale = () => heads.filter(({ id, version }) => (found.get(id)?.version ?? -1) < version)
    for (const batch of this.#archived.size > 0 ? batchesOf(stale(), BODIES) : []) {
      const options = { signal, counts: 'none', maxBytes: BODY_BYTES } as const
      const contents = await this.#searchArchived(withIds(batch.map(({ id }) => id)), ['version', 'body.storage'], options)
      this.#deps.onBodies(contents.length)
      for (const content of contents) if (content.status === 'current') found.set(content.id, bodyOf(content))
    }
    // An index that lags does not know a page yet, or knows an older one.
    await mapLimited(stale(), AT_ONCE, async ({ id }) => {
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
          for (const content of await this.#trash(key, type, signal)) if (wanted.has(content.id)) take(content)
        }
      }
    }
    const rest = ids.filter((id) => !found.has(id))
    await mapLimited(rest.slice(0, MAX_ALONE), AT_ONCE, async (id) => {
      const content = await this.#content(id, 'space', { signal })
      if (content) take(content)
    })
    for (const id of rest.slice(MAX_ALONE)) found.set(id, { status: 'not asked', space: undefined })
    return found
  }

  /** What a space's trash shows. Where only its administrators may look into it, it shows nothing. */
  async #trash(spaceKey: string, type: string, signal: AbortSignal): Promise<readonly ContentV1[]> {
    const query = { spaceKey, type, status: 'trashed', limit: LISTING, expand: 'space' }
    try {
      return await this.#walk(ContentsV1, '/rest/api/content', query, `the trash of ${spaceKey}`, { signal })
    } catch (error) {
      if (isRefusal(error) || isHttpStatusError(error, 400)) return []
      throw error
    }
  }

  async commentStatus(id: string, _place: Head['place'], signal: AbortSignal): Promise<string | undefined> {
    return (await this.#content(id, '', { signal }))?.status
  }

  async findPage(page: PageReference, signal: AbortSignal): Promise<FoundPage | undefined> {
    const { spaceKey, title } = page
    if (title === undefined || spaceKey === undefined) return undefined
    const kind = page.kind === 'page' ? 'page' : 'blogpost'
    const posted = page.postingDay !== undefined && { postingDay: page.postingDay.replaceAll('/', '-') }
    const query = { spaceKey, title, type: kind, status: 'current', limit: LISTING, expand: 'version,space', ...posted }
    try {
      const found = await this.#walk(ContentsV1, '/rest/api/content', query, 'included pages', { signal })
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
      const content = await this.#contentSeen(id, 'version,space', signal)
      if (content) take(content)
    })
    return pages
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
    const known = new Set(found.map(({ id }) => id))
    for (const batch of this.#archived.size > 0 ? batchesOf(ids.filter((id) => !known.has(id)), IDS) : []) {
      found.push(...(await this.#searchArchived(withIds(batch), expand, { signal })))
    }
    return found
  }

  /** Searches the whole site, archived spaces included. */
  #searchArchived(cql: string, expand: readonly string[], options: JsonCallOptions): Promise<readonly ContentV1[]> {
    const limit = expand.includes('body.storage') ? BODIES : LISTING
    const query = { cql, limit, includeArchivedSpaces: 'true', expand: expand.map((name) => `content.${name}`).join(',') }
    return this.#walk(HitsV1, '/rest/api/search', query, 'a search of archived spaces', options)
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
    const query = { limit: LISTING }
    return this.#walk(schema, path, query, `${list} of ${id}`, { signal, accept: [404] })
  }

  #walk<Item extends { readonly id: string }>(
    schema: z.ZodType<ResultsOf<Item | { readonly content: Item | undefined }>>,
    path: string,
    query: JsonQuery,
    what: string,
    options: JsonCallOptions,
    enough?: (items: readonly Item[]) => Promise<boolean>,
  ): Promise<readonly Item[]> {
    return walkByPosition(
      async (start) => {
        const answer = await this.#get(path, { ...query, ...(start !== undefined && { start: String(start) }) }, options)
        if (answer.status === 404) return { items: [], next: undefined }
        const { results, _links } = readAnswer(schema, answer.body, what)
        const next = nextIn(_links?.next, 'start', what)
        const items = results.flatMap((result) => ('content' in result ? (result.content ?? []) : result))
        return { items, next: next === undefined ? undefined : Number(next) }
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
