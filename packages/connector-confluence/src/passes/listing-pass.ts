import type { KnownDocument } from '@qdrant-loader/connector-sdk'
import type { BrokenRow, Space } from '../api/confluence-api.ts'
import { batchesOf } from '../api/in-batches.ts'
import { confluenceError } from '../codes.ts'
import type { ConfluenceCursor } from '../cursor.ts'
import { unlistedError } from '../errors.ts'
import { documentId, scopeOf } from '../site/head.ts'
import type { Head } from '../site/head.ts'
import { CONCLUSIONS } from '../spaces/space-conclusions.ts'
import type { SeenOfSpace } from '../spaces/space-conclusions.ts'
import { contentVersion, describe } from '../stub.ts'
import { PageLookup } from '../text/page-lookup.ts'
import { upsertOf } from '../text/source-document.ts'
import { validatorsFrom } from '../validators.ts'
import type { Uses } from '../validators.ts'
import { DocumentTree } from './document-tree.ts'
import type { ConfluenceChange, PassDeps } from './pass-deps.ts'
import { isGone, presenceOf } from './presence-of.ts'
import { isUnlistedId, unlistedStub } from './unlisted.ts'

/** Documents that are looked up in the host's state at once. */
const LOOKUP = 1_000
/** Held documents that are asked about before an empty listing is believed. */
const SAMPLE = 100

/** What a listing showed, of spaces that could be read before and after it. */
interface Listing {
  readonly seen: ReadonlyMap<string, SeenOfSpace>
  /** Keys of spaces all of whose pages were shown. */
  readonly whole: readonly string[]
  readonly pages: readonly Head[]
  readonly comments: readonly Head[]
  /** Ids of pages whose place is not known. */
  readonly unplaced: ReadonlySet<string>
  readonly broken: readonly BrokenRow[]
  /** Heads of such pages as they were recorded: what is around them, and what includes them, goes on as if nothing had changed. */
  readonly lost: readonly Head[]
}

/** Lists everything that the payload shows, and reads bodies only where a version says so. */
export class ListingPass {
  readonly #deps: PassDeps

  constructor(deps: PassDeps) {
    this.#deps = deps
  }

  /** Yields changes; returns what was seen of each space. `known`: what is known of them from before. */
  async *changes(spaces: readonly Space[], known: ConfluenceCursor['spaces']): AsyncGenerator<ConfluenceChange, ReadonlyMap<string, SeenOfSpace>> {
    const { selects, reader } = this.#deps
    const listing = await this.#list(spaces, known)
    const pages = listing.pages.filter(selects).toSorted(byId)
    const tree = new DocumentTree([...pages, ...listing.lost.filter(selects)])
    const comments = listing.comments.filter((comment) => tree.holds(comment)).toSorted(byId)
    reader.takeNames([...listing.pages, ...listing.comments].flatMap(({ author, editor }) => [author, editor]))
    const lookup = new PageLookup(this.#deps.api, {
      heads: [...listing.pages, ...listing.lost],
      complete: listing.whole,
      spaces: this.#deps.config.space_key,
      pages: this.#deps.config.content_types.includes('page'),
    })
    const selected = new Set([...pages, ...comments].map(documentId))
    for (const batch of batchesOf([...pages, ...comments], LOOKUP)) yield* this.#present(batch, tree, lookup)
    for (const row of listing.broken) yield this.#unlisted(row)
    // What depends on an unknown place is as good as not listed, and asked about alone.
    const decided = [...listing.pages, ...listing.comments].filter(({ id, container }) => !listing.unplaced.has(container ?? id))
    const unselected = decided.filter((head) => !selected.has(documentId(head)))
    for (const batch of batchesOf(unselected, LOOKUP)) yield* this.#unselected(batch)
    return listing.seen
  }

  async #list(before: readonly Space[], known: ConfluenceCursor['spaces']): Promise<Listing> {
    const { api, config, context, reader, signal } = this.#deps
    context.progress('listing pages')
    const keys = before.map(({ key }) => key)
    const { heads, unplaced, refused, broken, suspects, inPart } = await api.list(before, config.content_types, signal)
    for (const id of suspects) reader.alone.add(id)
    const comments = config.include_comments ? await api.comments(keys.filter((key) => !refused.includes(key)), signal) : { heads: [], broken: [] }
    // A space that was lost on the way gave a short listing.
    const after = new Set((await api.spaces(keys, signal)).map(({ key }) => scopeOf(key)))
    for (const key of refused) after.delete(scopeOf(key))
    const shown = new Set([...heads, ...broken].map(({ space }) => scopeOf(space)))
    const rows = await this.#named([...broken, ...comments.broken].filter(({ space }) => after.has(scopeOf(space))), new Set(heads.map(documentId)))
    const short = new Set([...inPart, ...rows.filter(({ id }) => id === undefined).map(({ space }) => space)].map(scopeOf))
    const seen = new Map<string, SeenOfSpace>()
    for (const scope of keys.map(scopeOf).filter((scope) => after.has(scope))) {
      seen.set(scope, short.has(scope) ? 'in part' : shown.has(scope) ? 'pages' : await this.#noneShown(scope))
    }
    const follows = [...seen].map(([scope, one]) => CONCLUSIONS[known[scope] ?? 'unread'][one])
    if (follows.every((conclusion) => conclusion.is === 'left out' && conclusion.problem !== undefined)) {
      throw confluenceError('confluence_space_unreadable/empty', { space: keys[0] ?? '' })
    }
    const inSpaces = ({ space }: Head) => after.has(scopeOf(space))
    return {
      seen,
      whole: keys.filter((key) => seen.get(scopeOf(key)) === 'pages'),
      pages: heads.filter(inSpaces),
      unplaced,
      comments: [...new Map(comments.heads.filter(inSpaces).map((comment) => [comment.id, comment])).values()],
      broken: rows,
      lost: [...(await this.#deps.known.ofMany(rows.flatMap(({ kind, id }) => (id === undefined ? [] : documentId({ kind, id }))))).values()].flatMap(({ validators }) => validatorsFrom(validators)?.head ?? []),
    }
  }

  /**
   * A space whose pages all became invisible is still listed as a space. One of those that are held, seen to be elsewhere,
   * tells that it is empty. Short of that each page that is not listed is asked about alone, and the guard holds mass
   * deletions.
   */
  async #noneShown(scope: string): Promise<SeenOfSpace> {
    const { api, config, signal } = this.#deps
    const held = await this.#heldIn(scope, SAMPLE)
    if (held.length === 0) return 'bare'
    const where = [...(await api.whereabouts(held, config.space_key, signal)).values()]
    const isElsewhere = where.some((one) => isGone(presenceOf(one, undefined)) || (one.status === 'current' && one.space !== undefined && scopeOf(one.space) !== scope))
    return isElsewhere ? 'elsewhere' : 'blank'
  }

  /** Ids of pages and blog posts that are held of a space. */
  async #heldIn(scope: string, most: number): Promise<string[]> {
    const held: string[] = []
    for await (const id of this.#deps.known.ids(scope)) {
      if (id.startsWith('comment/') || isUnlistedId(id)) continue
      held.push(id)
      if (held.length === most) break
    }
    return held
  }

  /** Rows without a name: one that is held, was not listed, and cannot be shown either when it is asked about, is it. */
  async #named(rows: readonly BrokenRow[], listed: ReadonlySet<string>): Promise<readonly BrokenRow[]> {
    const { api, config, signal } = this.#deps
    const named = rows.filter(({ id }) => id !== undefined)
    const open = rows.filter(({ id }) => id === undefined)
    const taken = new Set(named.map(({ id }) => id))
    for (const scope of new Set(open.map(({ space }) => scopeOf(space)))) {
      const held = (await this.#heldIn(scope, Number.POSITIVE_INFINITY)).filter((id) => !listed.has(id) && !taken.has(id))
      const where = await api.whereabouts(held.slice(0, SAMPLE), config.space_key, signal)
      for (const id of held.filter((one) => where.get(one)?.status === 'not shown')) {
        const at = open.findIndex(({ space, kind }) => scopeOf(space) === scope && kind !== 'comment')
        const [row] = at === -1 ? [] : open.splice(at, 1)
        if (row) named.push({ ...row, id })
      }
    }
    return [...named, ...open]
  }

  #unlisted(row: BrokenRow): ConfluenceChange {
    const stub = unlistedStub(row, this.#deps.site)
    this.#deps.reader.failures.set(stub.id, unlistedError(row))
    return { kind: 'upsert', stub }
  }

  async *#present(heads: readonly Head[], tree: DocumentTree, lookup: PageLookup): AsyncGenerator<ConfluenceChange> {
    const { known, site, context, reader, signal } = this.#deps
    const held = await known.ofMany(heads.map(documentId))
    const uses = await this.#usedNow(heads, held, lookup)
    const changed: Head[] = []
    for (const head of heads) {
      const id = documentId(head)
      const stub = describe(head, tree.around(head), site, uses.get(id))
      if (held.get(id)?.contentVersion === stub.contentVersion) yield { kind: 'upsert', stub }
      else changed.push(head)
    }
    if (changed.length > 0) context.progress('reading pages')
    lookup.remember(changed.flatMap((head) => validatorsFrom(held.get(documentId(head))?.validators)?.uses ?? []))
    const reread = new Set(changed)
    const unchanged = heads.filter((head) => held.has(documentId(head)) && !reread.has(head))
    for await (const read of reader.read(changed, lookup, signal, unchanged)) yield upsertOf(read, (head) => tree.around(head), site)
  }

  /** What texts that are otherwise unchanged would use now. */
  async #usedNow(
    heads: readonly Head[],
    held: ReadonlyMap<string, KnownDocument>,
    lookup: PageLookup,
  ): Promise<ReadonlyMap<string, Uses>> {
    const { reader, signal } = this.#deps
    const before = heads.flatMap((head) => {
      const id = documentId(head)
      const document = held.get(id)
      const uses = validatorsFrom(document?.validators)?.uses
      return uses && document?.contentVersion === contentVersion(head, uses) ? [{ id, head, uses }] : []
    })
    const now = await reader.usedNow(before, lookup, signal)
    return new Map(before.flatMap(({ id }, index) => (now[index] ? [[id, now[index]]] : [])))
  }

  /** Visible, and not (or no longer) selected. */
  async *#unselected(heads: readonly Head[]): AsyncGenerator<ConfluenceChange> {
    const held = await this.#deps.known.ofMany(heads.map(documentId))
    for (const head of heads) {
      const presence = presenceOf({ status: 'current', space: head.space }, false)
      if (held.has(documentId(head)) && isGone(presence)) yield { kind: 'delete', id: documentId(head), verdict: presence }
    }
  }
}

function byId(one: Head, other: Head): number {
  return one.id.length - other.id.length || (one.id < other.id ? -1 : 1)
}
