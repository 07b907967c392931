import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { JsonQuery } from '@qdrant-loader/http'
import { ContentsV1, HitsV1, readAnswer } from '../../schemas.ts'
import type { ContentV1 } from '../../schemas.ts'
import { scopeOf } from '../../site/head.ts'
import type { Head } from '../../site/head.ts'
import type { BrokenRow, Listed, ListedComments, PageKind, Space } from '../confluence-api.ts'
import { EXPAND_ALL, EXPAND_COMMENT, EXPAND_PAGE } from '../content-v1.ts'
import { within, withIds } from '../cql.ts'
import { detailed } from '../detailed.ts'
import type { Walked } from '../walk-by-position.ts'
import { archivedQuery, isRefusal } from './datacenter-calls.ts'
import type { DatacenterCalls } from './datacenter-calls.ts'

type ListedSpace = Pick<Listed, 'heads' | 'broken' | 'suspects'>

/** Lists spaces of Data Center, and their comments, around rows that it cannot show. */
export class DatacenterListing {
  readonly #calls: DatacenterCalls

  constructor(calls: DatacenterCalls) {
    this.#calls = calls
  }

  async list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    const heads = new Map<string, Head>()
    const [refused, suspects, broken, failures]: [string[], string[], BrokenRow[], LoaderError[]] = [[], [], [], []]
    for (const { key } of spaces) {
      try {
        for (const type of kinds) {
          const listed = await this.#listSpace(key, type, signal)
          for (const head of listed.heads) heads.set(head.id, head)
          broken.push(...listed.broken)
          suspects.push(...listed.suspects)
        }
      } catch (error) {
        if (!isRefusal(error)) {
          const failure = await this.#calls.triedAs(signal, () => Promise.reject(error as Error))
          this.#calls.warn('A space cannot be listed, and is left out of this run', { space: key, reason: failure.message })
          failures.push(failure)
        }
        refused.push(key)
      }
    }
    // Not one of them can be listed: that is the fault of no space.
    const [failure] = failures
    if (failure && refused.length === spaces.length) throw failure
    const kept = broken.filter(({ space }) => !refused.includes(space))
    return { heads: [...heads.values()].filter(({ space }) => !refused.includes(space)), unplaced: new Set(), refused, broken: kept, suspects, inPart: [] }
  }

  async #listSpace(key: string, type: PageKind, signal: AbortSignal): Promise<ListedSpace> {
    const what = `the ${type}s of ${key}`
    const query = { spaceKey: key, type, status: 'current', expand: EXPAND_PAGE.join(',') }
    const { items, broken } = await this.#calls.walk(ContentsV1, '/rest/api/content', query, { what, signal, careful: true })
    const shown = (await this.#calls.found(items, signal)).filter(({ status }) => status === 'current').map(({ head }) => head)
    const { heads, undetailed } = detailed(await this.#calls.withAttachments(shown, signal), this.#calls.undetailed)
    if (broken.length === 0) return { heads, broken: undetailed, suspects: [] }
    const named = await this.#nameRows({ key, type, query, broken }, new Set(items.map(({ id }) => id)), signal)
    return { heads: [...heads, ...named.heads], broken: [...undetailed, ...named.broken], suspects: named.heads.map(({ id }) => id) }
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
      const row = await this.#calls.tried(signal, () => this.#calls.get('/rest/api/content', { ...bare, start: String(position), limit: '1' }, { signal, retries: 0 }))
      const content = row && readAnswer(ContentsV1, row.body, 'a row').results.find(({ id }) => !listed.has(id))
      if (content) {
        titles.set(content.id, content.title)
        errors.set(content.id, error)
      } else unnamed.push(error)
    }
    if (unnamed.length > 0) {
      const indexed = await this.#calls.tried(signal, async () => this.#calls.walk(ContentsV1, '/rest/api/content/search', { cql: within([key], [type]) }, { what: 'a search', ...once }))
      const others = (indexed?.items ?? []).filter(({ id, status }) => status === 'current' && !listed.has(id) && !errors.has(id))
      for (const { id, title } of others.slice(0, unnamed.length)) {
        titles.set(id, title)
        errors.set(id, unnamed.shift() as LoaderError)
      }
    }
    for (const [id, error] of errors) {
      const query = { cql: withIds([id]), expand: EXPAND_ALL.join(',') }
      const searched = await this.#calls.tried(signal, async () => this.#calls.walk(ContentsV1, '/rest/api/content/search', query, { what: 'a search', limit: 1, most: 1, ...once }))
      const [found] = await this.#calls.found(searched?.items ?? [], signal)
      const head = found?.head.id === id && found.status === 'current' ? found.head : undefined
      if (head) heads.push(...(await this.#calls.withAttachments([head], signal)))
      else rows.push({ space: key, kind: type, id, title: titles.get(id), error })
    }
    return { heads, broken: [...rows, ...unnamed.map((error) => ({ space: key, kind: type, id: undefined, title: undefined, error }))] }
  }

  async comments(spaces: readonly string[], signal: AbortSignal): Promise<ListedComments> {
    const archived = spaces.filter((key) => this.#calls.archived.has(scopeOf(key)))
    const found = [await this.#commentsOf(spaces.filter((key) => !archived.includes(key)), false, signal), await this.#commentsOf(archived, true, signal)]
    return { heads: found.flatMap(({ heads }) => heads), broken: found.flatMap(({ broken }) => broken) }
  }

  async #commentsOf(spaces: readonly string[], archived: boolean, signal: AbortSignal): Promise<ListedComments> {
    if (spaces.length === 0) return { heads: [], broken: [] }
    const walked = (keys: readonly string[], expand: readonly string[]) => {
      const call = { what: 'the comments', signal }
      const cql = within(keys, ['comment'])
      return archived
        ? this.#calls.walk(HitsV1, '/rest/api/search', archivedQuery(cql, expand), call)
        : this.#calls.walk(ContentsV1, '/rest/api/content/search', { cql, ...(expand.length > 0 && { expand: expand.join(',') }) }, call)
    }
    const { items, broken } = await walked(spaces, EXPAND_COMMENT)
    const heads = (await this.#calls.found(items, signal)).filter(({ status }) => status === 'current').map(({ head }) => head)
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
}
