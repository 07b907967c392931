import type { KnownDocument, KnownDocuments } from '@qdrant-loader/connector-sdk'
import { neighboursOf } from './issue-document.ts'
import { batches } from './issue-reader.ts'
import type { IssueBean, IssueRow } from './schemas.ts'
import { validatorsOf } from './validators.ts'

const LOOKUP_SIZE = 1_000

/**
 * Finds known issues whose payload names another issue as it is no longer: a new subtask, a moved parent or a deleted
 * link does not move their own `updated`. What each known issue names is remembered in its validators.
 */
export class Neighbourhood {
  readonly #known: KnownDocuments
  readonly #scopes: readonly string[]
  readonly #subtasks: boolean
  readonly #stale = new Set<string>()
  /** Issues that known ones name, by every key that they are named by: some of them no listing shows. */
  readonly #named = new Map<string, Set<string>>()
  /** Issues that are gone (undefined) or have another key than before. */
  readonly #renamed = new Map<string, string | undefined>()

  constructor(known: KnownDocuments, scopes: readonly string[], subtasks: boolean) {
    this.#known = known
    this.#scopes = scopes
    this.#subtasks = subtasks
  }

  /** A known issue was listed as it is known. */
  noteUnchanged(document: KnownDocument): void {
    for (const [id, key] of Object.entries(validatorsOf(document)?.near ?? {})) {
      this.#named.set(id, (this.#named.get(id) ?? new Set()).add(key))
    }
  }

  /** Issues that known ones name and that the listing does not show: they are not selected, or gone. */
  outside(rows: ReadonlyMap<string, IssueRow>): readonly string[] {
    return [...this.#named.keys()].filter((id) => !rows.has(id))
  }

  /** An issue outside of the selection has this key now; undefined: it cannot be seen any more. */
  noteOutside(id: string, key: string | undefined): void {
    if ([...(this.#named.get(id) ?? [])].some((named) => named !== key)) this.#renamed.set(id, key)
  }

  /** An issue was read: those that it names, or named before, may have to name it too, or no longer. */
  async noteRead(issue: IssueBean, before: KnownDocument | undefined): Promise<void> {
    const last = validatorsOf(before)
    if (last !== undefined && last.key !== issue.key) this.#renamed.set(issue.id, issue.key)
    const now = neighboursOf(issue, { subtasks: this.#subtasks })
    const named = new Set(mutual(issue, this.#subtasks))
    const ids = [...new Set([...Object.keys(now), ...Object.keys(last?.near ?? {})])]
    for (const batch of batches(ids, LOOKUP_SIZE)) {
      for (const [id, document] of await this.#known.ofMany(batch)) {
        const theirs = validatorsOf(document)?.near[issue.id]
        const outdated = named.has(id) ? theirs !== issue.key : theirs !== undefined && now[id] === undefined
        if (outdated) this.#stale.add(id)
      }
    }
  }

  /** An issue was listed, and is no longer there. */
  noteGone(id: string): void {
    this.#renamed.set(id, undefined)
  }

  /** After a complete listing: known issues that it does not show are gone, for those who name them. */
  async noteAbsence(rows: ReadonlyMap<string, IssueRow>): Promise<void> {
    for (const scope of this.#scopes) for await (const id of this.#known.ids(scope)) if (!rows.has(id)) this.noteGone(id)
  }

  /** Known issues that have to be read because of what was noted since the last call. */
  async toRead(): Promise<readonly string[]> {
    if (this.#renamed.size > 0) {
      for (const scope of this.#scopes) await this.#addNamers(scope)
      this.#renamed.clear()
    }
    const ids = [...this.#stale]
    this.#stale.clear()
    return ids
  }

  async #addNamers(scope: string): Promise<void> {
    let batch: string[] = []
    const look = async (): Promise<void> => {
      for (const [id, document] of await this.#known.ofMany(batch)) {
        const near = Object.entries(validatorsOf(document)?.near ?? {})
        if (near.some(([other, key]) => this.#renamed.has(other) && this.#renamed.get(other) !== key)) this.#stale.add(id)
      }
      batch = []
    }
    for await (const id of this.#known.ids(scope)) if (batch.push(id) === LOOKUP_SIZE) await look()
    await look()
  }
}

/** The issues that name this one in return: links go both ways, and a parent lists its subtasks, not its other children. */
function mutual({ fields }: IssueBean, subtasks: boolean): readonly string[] {
  const linked = (fields.issuelinks ?? []).map((link) => link.inwardIssue ?? link.outwardIssue)
  const parent = subtasks && fields.issuetype?.subtask === true ? [fields.parent] : []
  return [...linked, ...parent, ...(fields.subtasks ?? [])].flatMap((near) => near?.id ?? [])
}
