import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { JsonAnswer, JsonCallOptions, JsonQuery, PartCall, ServerHealth } from '@qdrant-loader/http'
import { isHttpStatusError, readInParts } from '@qdrant-loader/http'
import type { z } from 'zod'
import { rowUnreadable } from '../../errors.ts'
import { AttachmentsV1, ContentsV1, ContentV1, HitsV1, LabelsV1, readAnswer, UserV1Schema } from '../../schemas.ts'
import type { ResultsOf } from '../../schemas.ts'
import type { Head } from '../../site/head.ts'
import { MOST_BODIES } from '../confluence-api.ts'
import type { Found } from '../confluence-api.ts'
import type { ConfluenceHttp } from '../confluence-http.ts'
import { attachmentNames, documentsIn, globalLabels } from '../content-v1.ts'
import { withIds } from '../cql.ts'
import { mapLimited } from '../in-batches.ts'
import { KnownPeople } from '../known-people.ts'
import type { Warn } from '../known-people.ts'
import { mayBeOfOne } from '../may-be-of-one.ts'
import { walkByPosition } from '../walk-by-position.ts'
import type { PositionWalkOptions, Walked } from '../walk-by-position.ts'

/**
 * What is asked for. The server cuts to what it allows: searches at 1,000, with expansions at 200, with bodies at 50
 * (https://confluence.atlassian.com/confkb/x/0QaVPQ); listings at what its administrator set.
 */
const LISTING = 200
/** Ids in one query: short enough for every proxy's limit of a URL. */
export const IDS = 100
/** Single pages asked about at once. */
export const AT_ONCE = 4

type Answer<Item> = z.ZodType<ResultsOf<Item | { readonly content: Item | undefined }>>

type WalkCall<Item> = JsonCallOptions & Pick<PositionWalkOptions<Item>, 'what' | 'enough' | 'most' | 'careful' | 'halves'> & { readonly limit?: number }

/** What {@link DatacenterCalls} needs. */
export interface DatacenterCallsDeps {
  readonly http: ConfluenceHttp
  readonly health: ServerHealth
  readonly warn: Warn
}

/** The routes of Data Center that lists and single things are read with. */
export class DatacenterCalls {
  readonly #deps: DatacenterCallsDeps
  /** Scopes of archived spaces. The search of contents leaves them out; that of the whole site need not. */
  readonly archived = new Set<string>()
  readonly people: KnownPeople
  /** Pages whose labels or files cannot be read, while the server serves others; they seem to have none. */
  readonly undetailed = new Map<string, LoaderError>()

  constructor(deps: DatacenterCallsDeps) {
    this.#deps = deps
    this.people = new KnownPeople(() => {
      deps.warn('Names of people cannot be looked up, so they are those that pages come with; give the user the permission to browse users')
    })
  }

  get warn(): Warn {
    return this.#deps.warn
  }

  /** The error of what fails because of one thing, while the server serves others. */
  async triedAs<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result | LoaderError> {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      if (!isLoaderError(error) || !mayBeOfOne(error)) throw error
      await this.#deps.health.failed(signal)
      return error
    }
  }

  /** What may fail for the same reason as what was asked for before; undefined then. */
  async tried<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result | undefined> {
    const result = await this.triedAs(signal, work)
    return isLoaderError(result) ? undefined : result
  }

  found(contents: readonly ContentV1[], signal: AbortSignal): Promise<readonly Found[]> {
    this.people.take(contents)
    return documentsIn(contents, (_kind, id) => this.allLabels(id, signal))
  }

  /** Long lists of files are cut off in searches and listings, and read for each page alone. */
  withAttachments(heads: readonly Head[], signal: AbortSignal): Promise<readonly Head[]> {
    return mapLimited(heads, AT_ONCE, async (head) => {
      if (head.kind === 'comment' || head.attachments) return head
      return { ...head, attachments: attachmentNames(await this.ofPage(AttachmentsV1, head.id, 'child/attachment', signal)) }
    })
  }

  async allLabels(id: string, signal: AbortSignal): Promise<string[]> {
    return globalLabels(await this.ofPage(LabelsV1, id, 'label', signal))
  }

  /** A list of one page, which may be gone since it was seen. One that cannot be read is noted in `undetailed`. */
  async ofPage<Item extends { readonly id: string }>(schema: z.ZodType<ResultsOf<Item>>, id: string, list: 'label' | 'child/attachment', signal: AbortSignal): Promise<readonly Item[]> {
    const path = `/rest/api/content/${encodeURIComponent(id)}/${list}`
    if (this.undetailed.has(id)) return []
    const rows = await this.triedAs(signal, () => this.rows(schema, path, {}, { what: `the ${list} of ${id}`, signal, accept: [404], halves: false }))
    if (!isLoaderError(rows)) return rows
    this.undetailed.set(id, rows)
    return []
  }

  /** What a search finds of these ids, in bulk. What cannot be shown is left out, and others are read. */
  async byIds(ids: readonly string[], expand: readonly string[], signal: AbortSignal): Promise<readonly ContentV1[]> {
    const found: ContentV1[] = []
    const read = async (batch: readonly string[], call: PartCall) => {
      const contents = await this.byIdsOnce(batch, expand, call)
      const known = new Set(contents.map(({ id }) => id))
      const rest = this.archived.size > 0 ? batch.filter((id) => !known.has(id)) : []
      return rest.length === 0 ? contents : [...contents, ...(await this.archivedByIds(rest, expand, call))]
    }
    const { health } = this.#deps
    for await (const part of readInParts(ids, { size: IDS, read, health, signal, describe: (id) => `page ${id}` })) {
      if (!part.error) found.push(...part.result)
    }
    return found
  }

  async byIdsOnce(ids: readonly string[], expand: readonly string[], call: JsonCallOptions): Promise<readonly ContentV1[]> {
    const limit = expand.includes('body.storage') ? MOST_BODIES : LISTING
    const query = { cql: withIds(ids), expand: expand.join(',') }
    return (await this.walk(ContentsV1, '/rest/api/content/search', query, { what: 'pages by id', halves: false, most: ids.length, limit, ...call })).items
  }

  async archivedByIds(ids: readonly string[], expand: readonly string[], call: JsonCallOptions): Promise<readonly ContentV1[]> {
    return this.searchArchived(withIds(ids), expand, { halves: false, most: ids.length, ...call })
  }

  /** Searches the whole site, archived spaces included. */
  searchArchived(cql: string, expand: readonly string[], options: Omit<WalkCall<ContentV1>, 'what'>): Promise<readonly ContentV1[]> {
    const limit = expand.includes('body.storage') ? MOST_BODIES : LISTING
    return this.rows(HitsV1, '/rest/api/search', archivedQuery(cql, expand), { limit, ...options, what: 'a search of archived spaces' })
  }

  async content(id: string, expand: string, options: JsonCallOptions): Promise<ContentV1 | undefined> {
    const query = { status: 'any', ...(expand !== '' && { expand }) }
    const answer = await this.get(`/rest/api/content/${encodeURIComponent(id)}`, query, { ...options, accept: [404] })
    return answer.status === 404 ? undefined : readAnswer(ContentV1, answer.body, `page ${id}`)
  }

  /** A content that others name: what is not open to the account is as if it were not there. */
  async contentSeen(id: string, expand: string, options: JsonCallOptions): Promise<ContentV1 | undefined> {
    try {
      return await this.content(id, expand, options)
    } catch (error) {
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  /** All rows of a listing, of which none may be missing. */
  async rows<Item extends { readonly id: string }>(schema: Answer<Item>, path: string, query: JsonQuery, call: WalkCall<Item>): Promise<readonly Item[]> {
    const { items, broken } = await this.walk(schema, path, query, call)
    if (broken[0]) throw rowUnreadable(call.what, broken[0].error)
    return items
  }

  walk<Item extends { readonly id: string }>(
    schema: Answer<Item>,
    path: string,
    query: JsonQuery,
    { what, enough, most, careful, halves, retries, limit = LISTING, ...options }: WalkCall<Item>,
  ): Promise<Walked<Item>> {
    const load: PositionWalkOptions<Item>['load'] = async (start, limit, retries) => {
      const at = { ...query, limit: String(limit), ...(start > 0 && { start: String(start) }) }
      const answer = await this.get(path, at, { ...options, ...(retries !== undefined && { retries }) })
      if (answer.status === 404) return { items: [], limit: undefined, more: false }
      const { results, limit: rows, _links } = readAnswer(schema, answer.body, what)
      const items = results.flatMap((result) => ('content' in result ? (result.content ?? []) : result))
      return { items, limit: rows, more: _links?.next !== undefined && _links.next !== '' }
    }
    const { health } = this.#deps
    return walkByPosition({ what, limit, load, health, signal: options.signal, enough, ...(most !== undefined && { most }), ...(careful !== undefined && { careful }), ...(halves !== undefined && { halves }), retries })
  }

  get(path: string, query: JsonQuery, options: JsonCallOptions): Promise<JsonAnswer> {
    return this.#deps.http.get(path, query, options)
  }

  names(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.people.names(ids, async () => {
      const names = new Map<string, string>()
      await mapLimited(ids, AT_ONCE, async (id) => {
        const who = id.startsWith('name:') ? { username: id.slice('name:'.length) } : { key: id }
        const answer = await this.tried(signal, () => this.get('/rest/api/user', who, { signal, accept: [404] }))
        // Somebody who cannot be shown has the name that is known.
        if (answer === undefined) for (const [known, name] of this.people.of([id])) names.set(known, name)
        if (answer === undefined || answer.status === 404) return
        const { displayName } = readAnswer(UserV1Schema, answer.body, 'a user')
        if (displayName) names.set(id, displayName)
      })
      return names
    })
  }
}

/** Archived spaces are in the search of the whole site alone. */
export function archivedQuery(cql: string, expand: readonly string[]): JsonQuery {
  return { cql, includeArchivedSpaces: 'true', ...(expand.length > 0 && { expand: expand.map((name) => `content.${name}`).join(',') }) }
}

/** 404 is all that a space says to those who may not see it. */
export function isRefusal(error: unknown): boolean {
  return isHttpStatusError(error, 404) || (isLoaderError(error) && error.code === 'confluence_forbidden')
}
