import type { KnownDocument, KnownDocuments } from '@qdrant-loader/connector-sdk'
import { batches } from '../api/issue-reader.ts'
import { mentionsOf } from '../names/issue-mentions.ts'
import type { Mentions } from '../names/issue-mentions.ts'
import { partsOf } from '../names/names.ts'
import type { IssueBean, IssueRow } from '../schemas.ts'
import { validatorsOf } from '../validators.ts'
import type { Validators } from '../validators.ts'

const LOOKUP_SIZE = 1_000

/**
 * Finds issues whose payload names another issue as it is no longer: a new subtask, a moved parent or a deleted link
 * does not move their own `updated`. What each known issue names is in its validators, and mentions come in pairs: two
 * issues that tell different stories of each other were read before and after a change, so they are read again.
 */
export class Neighbourhood {
  readonly #known: KnownDocuments
  readonly #scopes: readonly string[]
  readonly #subtasks: boolean
  /** What issues name, as they were read or found unchanged in this pass. */
  readonly #seen = new Map<string, Mentions>()
  readonly #fresh = new Set<string>()
  /** Issues to be compared with those that they name, or named before. */
  readonly #unchecked = new Map<string, readonly string[]>()
  /** Issues that are gone (undefined) or have another key than before. */
  readonly #renamed = new Map<string, string | undefined>()
  /** Keys that these had. Some fields and texts name an issue by its key alone. */
  readonly #formerKeys = new Set<string>()

  constructor(known: KnownDocuments, scopes: readonly string[], subtasks: boolean) {
    this.#known = known
    this.#scopes = scopes
    this.#subtasks = subtasks
  }

  /** A known issue was listed as it is known. */
  noteUnchanged(id: string, mentions: Mentions): void {
    this.#seen.set(id, mentions)
    this.#unchecked.set(id, Object.keys(mentions.near))
  }

  /** An issue was read. `validators` are those of its document; undefined: it is not selected, or only its key is known. */
  noteRead(issue: IssueBean, before: KnownDocument | undefined, validators: Validators | undefined): void {
    const last = this.#seen.get(issue.id) ?? validatorsOf(before)
    const mentions = validators ?? mentionsOf(issue, { subtasks: this.#subtasks })
    if (last !== undefined && last.key !== issue.key) {
      this.#renamed.set(issue.id, issue.key)
      this.#formerKeys.add(last.key)
    }
    this.#seen.set(issue.id, mentions)
    this.#fresh.add(issue.id)
    this.#unchecked.set(issue.id, [...new Set([...Object.keys(mentions.near), ...Object.keys(last?.near ?? {})])])
  }

  /** An issue was listed, and is no longer there. */
  noteGone(id: string, before: KnownDocument | undefined): void {
    const last = this.#seen.get(id) ?? validatorsOf(before)
    if (last !== undefined) this.#formerKeys.add(last.key)
    this.#renamed.set(id, undefined)
    this.#seen.delete(id)
  }

  /** After a complete listing: issues that are named and that it does not show. They are not selected, or gone. */
  outside(rows: ReadonlyMap<string, IssueRow>): readonly string[] {
    const named = new Set([...this.#seen.values()].flatMap(({ near }) => Object.keys(near)))
    return [...named].filter((id) => !rows.has(id))
  }

  /** An issue that the listing does not show has this key now; undefined: it cannot be seen any more. */
  noteOutside(id: string, key: string | undefined): void {
    this.#renamed.set(id, key)
  }

  /** Issues that have to be read because of what was noted since the last call. */
  async toRead(): Promise<readonly string[]> {
    const stale = new Set<string>()
    const unchecked = [...this.#unchecked]
    this.#unchecked.clear()
    for (const batch of batches(unchecked, LOOKUP_SIZE)) await this.#compare(batch, stale)
    if (this.#renamed.size > 0) {
      for (const scope of this.#scopes) await this.#addNamers(scope, stale)
      this.#renamed.clear()
      this.#formerKeys.clear()
    }
    return [...stale]
  }

  async #compare(batch: readonly (readonly [id: string, others: readonly string[]])[], stale: Set<string>): Promise<void> {
    const unseen = [...new Set(batch.flatMap(([, others]) => others))].filter((id) => !this.#seen.has(id))
    const recorded = new Map<string, KnownDocument>()
    for (const ids of batches(unseen, LOOKUP_SIZE)) for (const [id, document] of await this.#known.ofMany(ids)) recorded.set(id, document)
    for (const [id, others] of batch) {
      const mine = this.#seen.get(id)
      for (const other of others) {
        const theirs = this.#seen.get(other) ?? validatorsOf(recorded.get(other))
        if (mine === undefined || theirs === undefined || agree(id, mine, other, theirs)) continue
        stale.add(other)
        // One that was just read is right about one that was not.
        if (!this.#fresh.has(id) || this.#fresh.has(other)) stale.add(id)
      }
    }
  }

  async #addNamers(scope: string, stale: Set<string>): Promise<void> {
    let batch: string[] = []
    const look = async (): Promise<void> => {
      for (const [id, document] of await this.#known.ofMany(batch)) {
        const mentions = this.#seen.get(id) ?? validatorsOf(document)
        if (mentions !== undefined && this.#namesFormer(mentions)) stale.add(id)
      }
      batch = []
    }
    for await (const id of this.#known.ids(scope)) if (batch.push(id) === LOOKUP_SIZE) await look()
    await look()
  }

  /** Whether an issue names one of those that are gone or moved as it was called before. */
  #namesFormer({ near, names = {}, shown = {} }: Mentions): boolean {
    const isFormer = (other: string, key: string): boolean =>
      (this.#renamed.has(other) && this.#renamed.get(other) !== key) || this.#formerKeys.has(key)
    const byName = [...Object.entries(names), ...Object.entries(shown)].filter(([key]) => key.startsWith('issue '))
    return Object.entries(near).some(([other, key]) => isFormer(other, key)) || byName.some(([key, name]) => isFormer(partsOf(key).id, name))
  }
}

/** True when two issues name each other alike, or neither names the other. */
function agree(one: string, mine: Mentions, other: string, theirs: Mentions): boolean {
  return names(mine, other, theirs, one) && names(theirs, one, mine, other)
}

function names(mine: Mentions, other: string, theirs: Mentions, one: string): boolean {
  const key = mine.near[other]
  if (key === undefined) return true
  return key === theirs.key && (mine.above === other || theirs.near[one] !== undefined)
}
