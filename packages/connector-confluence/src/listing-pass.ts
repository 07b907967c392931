import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { DeletionVerdict, KnownDocument } from '@qdrant-loader/connector-sdk'
import type { ConfluenceChange, PassDeps } from './change-detector.ts'
import type { Space } from './api.ts'
import { emptySpace } from './confluence-errors.ts'
import { contentVersion, describe } from './describe.ts'
import { DocumentTree } from './document-tree.ts'
import { documentId, scopeOf, validatorsFrom } from './head.ts'
import type { Head, Uses } from './head.ts'
import { batchesOf } from './in-batches.ts'
import { PageLookup } from './page-lookup.ts'
import { upsertOf } from './source-document.ts'

/** Documents that are looked up in the host's state at once. */
const LOOKUP = 1_000
/** Held documents that are asked about before an empty listing is believed. */
const SAMPLE = 100

/** What a listing showed, of spaces that could be read before and after it. */
interface Listing {
  readonly spaces: readonly string[]
  readonly pages: readonly Head[]
  readonly comments: readonly Head[]
  /** Ids of pages whose place is not known. */
  readonly unplaced: ReadonlySet<string>
}

/** What a listing can answer for. */
export interface Listed {
  /** Scopes that were listed completely. */
  readonly everythingIn: readonly string[]
  /** Those of them that showed pages. */
  readonly shown: readonly string[]
}

/** Lists everything that the payload shows, and reads bodies only where a version says so. */
export class ListingPass {
  readonly #deps: PassDeps

  constructor(deps: PassDeps) {
    this.#deps = deps
  }

  /** Yields changes; returns what was listed. `shownBefore`: scopes that showed pages in the listing before. */
  async *changes(spaces: readonly Space[], shownBefore: readonly string[]): AsyncGenerator<ConfluenceChange, Listed> {
    const { selects } = this.#deps
    const listing = await this.#list(spaces, new Set(shownBefore))
    const pages = listing.pages.filter(selects).toSorted(byId)
    const tree = new DocumentTree(pages)
    const comments = listing.comments.filter((comment) => tree.holds(comment)).toSorted(byId)
    this.#deps.reader.takeNames([...listing.pages, ...listing.comments].flatMap(({ author, editor }) => [author, editor]))
    const lookup = new PageLookup(this.#deps.api, {
      heads: listing.pages,
      complete: listing.spaces,
      pages: this.#deps.config.content_types.includes('page'),
    })
    const selected = new Set([...pages, ...comments].map(documentId))
    for (const batch of batchesOf([...pages, ...comments], LOOKUP)) yield* this.#present(batch, tree, lookup)
    // What depends on an unknown place is as good as not listed, and asked about alone.
    const decided = [...listing.pages, ...listing.comments].filter(({ id, container }) => !listing.unplaced.has(container ?? id))
    const unselected = decided.map(documentId).filter((id) => !selected.has(id))
    for (const batch of batchesOf(unselected, LOOKUP)) yield* this.#unselected(batch)
    return { everythingIn: listing.spaces.map(scopeOf), shown: [...new Set(listing.pages.map(({ space }) => scopeOf(space)))].sort() }
  }

  async #list(before: readonly Space[], shownBefore: ReadonlySet<string>): Promise<Listing> {
    const { api, config, context, signal } = this.#deps
    context.progress('listing pages')
    const keys = before.map(({ key }) => key)
    const { heads, unplaced, refused } = await api.list(before, config.content_types, signal)
    const comments = config.include_comments ? await api.comments(keys, signal) : []
    // A space that was lost on the way gave a short listing.
    const after = new Set((await api.spaces(keys, signal)).map(({ key }) => scopeOf(key)))
    for (const key of refused) after.delete(scopeOf(key))
    for (const key of keys) {
      const scope = scopeOf(key)
      const shows = heads.some(({ space }) => scopeOf(space) === scope)
      if (!shows && after.has(scope) && !(await this.#isEmpty(scope, shownBefore.has(scope)))) after.delete(scope)
    }
    const spaces = keys.filter((key) => after.has(scopeOf(key)))
    if (spaces.length === 0) throw new LoaderError(emptySpace(keys[0] ?? ''))
    const inSpaces = ({ space }: Head) => after.has(scopeOf(space))
    return { spaces, pages: heads.filter(inSpaces), unplaced, comments: [...new Map(comments.filter(inSpaces).map((comment) => [comment.id, comment])).values()] }
  }

  /**
   * A space whose pages all became invisible is still listed as a space. When none is shown, one that is seen to be
   * elsewhere (in the trash, the archive, another space) must speak for the listing. Short of that each page that is
   * not listed is asked about alone, and the guard holds mass deletions.
   */
  async #isEmpty(scope: string, shownBefore: boolean): Promise<boolean> {
    const { api, config, known, signal } = this.#deps
    const held: string[] = []
    for await (const id of known.ids(scope)) {
      if (id.startsWith('comment/')) continue
      held.push(id)
      if (held.length === SAMPLE) break
    }
    // What waits for its deletion is not among what is known.
    if (held.length === 0) return !shownBefore
    return (await api.whereabouts(held, config.space_key, signal)).size > 0
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
  async *#unselected(ids: readonly string[], verdict: DeletionVerdict = 'out-of-scope'): AsyncGenerator<ConfluenceChange> {
    for (const id of (await this.#deps.known.ofMany(ids)).keys()) yield { kind: 'delete', id, verdict }
  }
}

function byId(one: Head, other: Head): number {
  return one.id.length - other.id.length || (one.id < other.id ? -1 : 1)
}
