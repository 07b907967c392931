import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { rowUnreadable } from '../../errors.ts'
import type { PageV2 } from '../../schemas.ts'
import { scopeOf } from '../../site/head.ts'
import type { Head } from '../../site/head.ts'
import type { Found, Listed, ListedComments, PageKind, Refreshed, Space } from '../confluence-api.ts'
import { EXPAND_ALL, EXPAND_COMMENT } from '../content-v1.ts'
import { detailed } from '../detailed.ts'
import { mapLimited } from '../in-batches.ts'
import { together } from '../together.ts'
import { IDS_IN_TROUBLE, PAGE_SIZE } from './cloud-calls.ts'
import type { CloudCalls } from './cloud-calls.ts'
import type { Details } from './cloud-details.ts'
import { CloudParents } from './cloud-parents.ts'
import { chainsOf } from './page-chains.ts'
import type { NodeSource, TreeNode } from './page-chains.ts'
import { headV2, nodeOf } from './page-v2.ts'

/** Pages asked about alone at once. */
const AT_ONCE = 4
/** Smaller pages of a listing are not tried: pages are asked for by their ids then. */
const SMALLEST_PAGE = 30

/** A page or blog post of version 2. */
export interface Content {
  readonly kind: PageKind
  readonly page: PageV2
}

/** Makes heads of what the database of Cloud lists, with what only searches show beside it. */
export class CloudListing {
  readonly #calls: CloudCalls

  constructor(calls: CloudCalls) {
    this.#calls = calls
  }

  async list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    const listed = await this.#list(spaces, kinds, signal)
    const { heads, undetailed } = detailed(listed.heads, this.#calls.undetailed)
    return { ...listed, heads, broken: [...listed.broken, ...undetailed] }
  }

  async #list(spaces: readonly Space[], kinds: readonly PageKind[], signal: AbortSignal): Promise<Listed> {
    const [searched, ...parts] = await together(signal, (signal) => [
      this.#calls.tried(signal, () => this.#calls.details(signal, 1).search(spaces.map(({ key }) => key), kinds)),
      ...kinds.map(async (kind) => ({ kind, pages: await this.#calls.tried(signal, () => this.#listPages(kind, spaces, signal)) })),
    ])
    const read = []
    for (const { kind, pages } of parts) read.push(pages ? { kind, pages, suspects: [] } : await this.#listByIds(kind, spaces, signal))
    const contents = [...new Map(read.flatMap(({ kind, pages }) => pages.map((page) => [page.id, { kind, page }] as const))).values()]
    const details = searched ? { contents: searched, broken: [] } : await this.#calls.details(signal).ofIds(contents.map(({ page }) => page.id))
    const { heads, unplaced } = await this.#heads(contents, new Map(spaces.map((space) => [space.id, space])), {
      signal,
      details: await this.#calls.details(signal).of(contents, details.contents),
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
    const { health } = this.#calls
    for (;;) {
      const size = Math.min(PAGE_SIZE, health.mostAtOnce)
      try {
        return await this.#calls.pages(kind, { spaceId: spaces.map(({ id }) => Number(id)), status: ['current'] }, { signal, retries: 1 })
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
    const contents = (await this.#calls.searchAll(keys, [kind], EXPAND_ALL, { signal })).filter(({ status }) => status === 'current')
    const { pages, errors } = await this.#calls.byIdInParts(kind, contents.map(({ id }) => id), signal)
    // None of them can be had: it is not for one of them that the listing fails.
    const [error] = errors.values()
    if (error && pages.length === 0 && errors.size > 1) throw rowUnreadable(kind === 'page' ? 'the pages' : 'the blog posts', error)
    const found = await this.#calls.found(contents.filter(({ id }) => errors.has(id)), signal)
    const scopes = new Set(keys.map(scopeOf))
    const suspects = found.map(({ head }) => head).filter(({ space }) => scopes.has(scopeOf(space)))
    const whole = await mapLimited(suspects, AT_ONCE, async (head) => ({ ...head, attachments: head.attachments ?? (await this.#calls.details(signal).attachments(kind, head.id)) }))
    return { kind, pages, suspects: whole }
  }

  async comments(spaces: readonly string[], signal: AbortSignal): Promise<ListedComments> {
    const all = await this.#calls.tried(signal, () => this.#calls.searchAll(spaces, ['comment'], EXPAND_COMMENT, { signal, retries: 1 }))
    if (all) return { heads: currentHeads(await this.#calls.found(all, signal)), broken: [] }
    // One of them makes the search fail: which one is told by their ids alone.
    const ids = new Map<string, string>()
    for (const key of spaces) for (const { id } of await this.#calls.searchAll([key], ['comment'], [], { signal })) ids.set(id, key)
    const { parts, errors } = await this.#calls.inParts([...ids.keys()], IDS_IN_TROUBLE, signal, (batch, call) => this.#calls.searchIds(batch, EXPAND_COMMENT, call))
    const broken = [...errors].map(([id, error]) => ({ space: ids.get(id) ?? '', kind: 'comment' as const, id, title: undefined, error }))
    return { heads: currentHeads(await this.#calls.found(parts.flat(), signal)), broken }
  }

  async refreshed(heads: readonly Head[], spaces: readonly Space[], signal: AbortSignal): Promise<Refreshed> {
    const wanted = new Map(heads.filter(({ kind }) => kind !== 'comment').map((head) => [head.id, head]))
    const readable = new Map(spaces.map((space) => [space.id, space]))
    const [posts, pages] = [idsOf(wanted, 'blogpost'), idsOf(wanted, 'page')]
    // The search named their ancestors too: they come along, and mostly nothing is left to look up.
    const above = [...wanted.values()].flatMap(({ ancestors }) => ancestors.map(([id]) => id))
    const { pages: found, errors } = await this.#calls.byIdInParts('page', [...new Set([...pages, ...above])], signal)
    const { pages: foundPosts, errors: ofPosts } = await this.#calls.byIdInParts('blogpost', posts, signal)
    const nodes = new Map(found.map((page) => [page.id, nodeOf(page)]))
    const more = async (ids: readonly string[]) =>
      new Map((await this.#calls.byIdInParts('page', ids, signal)).pages.map((page) => [page.id, nodeOf(page)]))
    const contents: Content[] = [
      ...found.filter(({ id }) => wanted.has(id)).map((page) => ({ kind: 'page', page }) as const),
      ...foundPosts.map((page) => ({ kind: 'blogpost', page }) as const),
    ]
    const there = contents.filter(({ page }) => readable.has(page.spaceId))
    const details = await this.#refreshedDetails(there, wanted, signal)
    const fresh = await this.#heads(there, readable, { signal, details, nodes, pages: more })
    // What the database cannot show is as the search shows it.
    const asFound = heads.filter(({ kind, id }) => kind === 'comment' || errors.has(id) || ofPosts.has(id))
    return { heads: [...fresh.heads, ...asFound], unplaced: fresh.unplaced }
  }

  /** What the search said already; long lists of files, which it cut off, are read now. */
  async #refreshedDetails(
    contents: readonly Content[],
    found: ReadonlyMap<string, Head>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Details>> {
    const details = await mapLimited(contents, AT_ONCE, async ({ kind, page: { id } }) => {
      const { labels = [], attachments } = found.get(id) ?? {}
      return [id, { labels, attachments: attachments ?? (await this.#calls.details(signal).attachments(kind, id)) }] as const
    })
    return new Map(details)
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
      call: (work) => this.#calls.call({ signal: from.signal, accept: [404] }, work),
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
    const names = await this.#calls.names(ids, signal)
    if (!this.#calls.people.refused || !all || ids.every((id) => names.has(id))) return names
    await this.#calls.tried(signal, () => this.#calls.searchAll(all.spaces.map(({ key }) => key), all.kinds, ['history', 'version'], { signal }))
    return this.#calls.people.of(ids)
  }
}

function currentHeads(found: readonly Found[]): Head[] {
  return found.filter(({ status }) => status === 'current').map(({ head }) => head)
}

function idsOf(heads: ReadonlyMap<string, Head>, kind: PageKind): string[] {
  return [...heads.values()].filter((head) => head.kind === kind).map(({ id }) => id)
}
