import type { DeletionVerdict, KnownDocument } from '@qdrant-loader/connector-sdk'
import type { Found, Refreshed } from '../api/confluence-api.ts'
import { batchesOf } from '../api/in-batches.ts'
import { documentId, isNewer, scopeOf } from '../site/head.ts'
import type { Head, Person } from '../site/head.ts'
import { describe } from '../stub.ts'
import { PageLookup } from '../text/page-lookup.ts'
import { upsertOf } from '../text/source-document.ts'
import { validatorsFrom } from '../validators.ts'
import type { Validators } from '../validators.ts'
import { DocumentTree } from './document-tree.ts'
import type { ConfluenceChange, PassDeps } from './pass-deps.ts'
import { isGone, presenceOf } from './presence-of.ts'

const LOOKUP = 1_000

/** A held document as it was recorded. */
interface Held extends Validators {
  readonly known: KnownDocument
}

/**
 * The held documents as they were recorded, brought up to date with some fresh heads. From it the stubs of all
 * documents are made as a listing would make them, so that a renamed page changes the breadcrumbs below it at once,
 * without a request.
 */
export class KnownTree {
  readonly #deps: PassDeps
  readonly #held: ReadonlyMap<string, Held>
  readonly #heads: Map<string, Head>
  readonly #removed = new Map<string, DeletionVerdict>()
  readonly #fresh = new Map<string, Head>()
  #unplaced: ReadonlySet<string> = new Set()

  private constructor(deps: PassDeps, held: ReadonlyMap<string, Held>) {
    this.#deps = deps
    this.#held = held
    this.#heads = new Map([...held].map(([id, { head }]) => [id, head]))
  }

  /** Reads the held documents of these spaces from the host's state. */
  static async load(deps: PassDeps, spaces: readonly string[]): Promise<KnownTree> {
    const held = new Map<string, Held>()
    for (const space of spaces) {
      const ids: string[] = []
      for await (const id of deps.known.ids(scopeOf(space))) ids.push(id)
      for (const batch of batchesOf(ids, LOOKUP)) {
        for (const [id, known] of await deps.known.ofMany(batch)) {
          const validators = validatorsFrom(known.validators)
          if (validators) held.set(id, { ...validators, known })
        }
      }
    }
    return new KnownTree(deps, held)
  }

  has(head: Head): boolean {
    return this.#held.has(documentId(head))
  }

  /** Whether a page or blog post with this id is held, and was not removed. */
  hasPage(id: string): boolean {
    return this.#heads.has(id)
  }

  /** The source says that it is gone. */
  remove(head: Head, verdict: DeletionVerdict): void {
    const id = documentId(head)
    this.#heads.delete(id)
    if (this.#held.has(id)) this.#removed.set(id, verdict)
  }

  /** Takes fresh heads in, and their places in the ancestors of the pages below them. */
  take({ heads: fresh, unplaced }: Refreshed): void {
    this.#unplaced = unplaced
    for (const head of fresh) {
      this.#heads.set(documentId(head), head)
      this.#fresh.set(documentId(head), head)
    }
    const moved = fresh.filter(({ kind }) => kind === 'page').toSorted((one, other) => one.ancestors.length - other.ancestors.length)
    const below = this.#stalePagesBelow(new Set(moved.map(({ id }) => id)))
    for (const above of moved) {
      for (const head of (below.get(above.id) ?? []).flatMap((id) => this.#heads.get(id) ?? [])) {
        const index = head.ancestors.findIndex(([ancestor]) => ancestor === above.id)
        if (index === -1) continue
        const ancestors: Head['ancestors'] = [...above.ancestors, [above.id, above.title], ...head.ancestors.slice(index + 1)]
        this.#heads.set(head.id, { ...head, ancestors })
      }
    }
  }

  /** Ids of the pages below some pages, by the id of the upper one; fresh ones are right as they are. */
  #stalePagesBelow(uppers: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
    const below = new Map<string, string[]>()
    for (const [id, { ancestors }] of this.#heads) {
      if (this.#fresh.has(id)) continue
      for (const [upper] of ancestors) {
        if (!uppers.has(upper)) continue
        const ids = below.get(upper)
        if (ids) ids.push(id)
        else below.set(upper, [id])
      }
    }
    return below
  }

  /**
   * Everything that differs from what is held. What the search found comes after all that it changes elsewhere: a run
   * that ends in between finds it again, since it is not yet recorded, and from it the rest.
   */
  async *changes(found: readonly Found[]): AsyncGenerator<ConfluenceChange> {
    this.#select()
    this.#takeNames(found)
    const tree = new DocumentTree([...this.#heads.values()].filter(({ kind }) => kind !== 'comment'))
    const ids = new Set(found.map(({ head }) => documentId(head)))
    const unread: Head[] = []
    const described: ConfluenceChange[] = []
    for (const [id, head] of this.#heads) {
      const held = this.#held.get(id)
      if (!held || isNewer(head, held.head) || isElsewhere(head, held)) {
        unread.push(head)
        continue
      }
      const stub = describe(head, tree.around(head), this.#deps.site, held.uses)
      if (stub.metadataVersion === held.known.metadataVersion) continue
      const change = { kind: 'upsert', stub: { ...stub, contentVersion: held.known.contentVersion } } as const
      if (ids.has(id)) described.push(change)
      else yield change
    }
    yield* this.#read(this.#including(found), tree, found)
    yield* described
    yield* this.#read(unread, tree, found)
    const removed = [...this.#removed].toSorted(([one], [other]) => Number(ids.has(one)) - Number(ids.has(other)))
    for (const [id, verdict] of removed) yield { kind: 'delete', id, verdict }
  }

  /** Leaves out what is not selected any more, and comments whose page is not. */
  #select(): void {
    const { selects } = this.#deps
    for (const head of this.#heads.values()) {
      // Where its place cannot be told, a listing decides.
      const undecided = this.#unplaced.has(head.id) && this.#held.has(head.id)
      const presence = presenceOf({ status: 'current', space: head.space }, head.kind === 'comment' || undecided || selects(head))
      if (isGone(presence)) this.remove(head, presence)
    }
    for (const head of this.#heads.values()) {
      const page = head.container ?? ''
      if (head.kind === 'comment' && !this.#heads.has(page)) this.remove(head, this.#removed.get(page) ?? 'out-of-scope')
    }
  }

  /**
   * Names that are recorded need not be asked for again. Data Center has no bulk look-up of people, and other accounts may
   * not use that of Cloud: there all of them are taken, the latest first, and new ones wait for the listing.
   */
  #takeNames(found: readonly Found[]): void {
    const { api, reader, site } = this.#deps
    reader.takeNames(peopleOf([...found.map(({ head }) => head), ...this.#fresh.values()]))
    if (site.deployment === 'cloud' && !api.namesRefused) return
    const held = [...this.#held.values()].toSorted((one, other) => ((one.head.updated ?? '') > (other.head.updated ?? '') ? -1 : 1))
    reader.takeFormerNames(peopleOf(held.map(({ head }) => head)).filter(({ name }) => name !== undefined))
    reader.takeFormerNames(held.flatMap(({ uses }) => uses?.people ?? []))
  }

  /** Held documents that include one of these pages in another version, or under a name that it has now. */
  #including(found: readonly Found[]): readonly Head[] {
    const versions = new Map(found.map(({ head, status }) => [head.id, status === 'current' ? head.version : undefined]))
    const titles = new Map(found.filter(({ head }) => head.kind === 'page').map(({ head }) => [nameOf(head.space, head.title), head.id]))
    return [...this.#held].flatMap(([id, { uses, head: before }]) => {
      const head = this.#heads.get(id)
      if (!head || !uses || isNewer(head, before) || isElsewhere(head, { uses })) return []
      const stale = uses.includes.some(({ page, id: included, version }) => {
        if (included !== undefined && versions.has(included) && versions.get(included) !== version) return true
        const named = page.title === undefined ? undefined : titles.get(nameOf(page.spaceKey ?? head.space, page.title))
        return named !== undefined && named !== included
      })
      return stale ? [head] : []
    })
  }

  async *#read(heads: readonly Head[], tree: DocumentTree, found: readonly Found[]): AsyncGenerator<ConfluenceChange> {
    const { api, config, reader, signal, site } = this.#deps
    const current = found.filter(({ status }) => status === 'current').map(({ head }) => head)
    const fresh = [...current, ...this.#fresh.values()]
    const lookup = new PageLookup(api, { heads: fresh, complete: [], pages: false, spaces: config.space_key, recorded: this.#heads.values() })
    const before = heads.flatMap((head) => this.#held.get(documentId(head))?.uses ?? [])
    lookup.remember(before)
    const ids = new Set(heads.map(({ id }) => id))
    // Mostly the same people are mentioned again: at once, they take fewer requests.
    await reader.learnNames(before.flatMap(({ people }) => people.map(({ id }) => id)), signal)
    const others = [...this.#held.values()].map(({ head }) => head).filter(({ id }) => !ids.has(id))
    for await (const read of reader.read(heads, lookup, signal, others)) yield upsertOf(read, (head) => tree.around(head), site)
  }
}

/** In another space than the one in which its text was read, where that makes a difference to the text. */
function isElsewhere({ space }: Head, { uses }: Pick<Held, 'uses'>): boolean {
  return uses?.space !== undefined && uses.space !== space
}

function nameOf(space: string, title: string): string {
  return JSON.stringify([scopeOf(space), title.toLowerCase()])
}

function peopleOf(heads: readonly Head[]): Person[] {
  return heads.flatMap(({ author, editor }) => [author, editor]).filter((person) => person !== undefined)
}
