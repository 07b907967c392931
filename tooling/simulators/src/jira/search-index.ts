import type { Issue } from './model.ts'

/** What the index holds of an issue: how it was when it was indexed last. */
export interface IndexRow {
  readonly id: string
  readonly projectId: string
  readonly number: number
  readonly type: string
  readonly status: string
  readonly priority: string
  readonly resolution: string | undefined
  readonly labels: readonly string[]
  readonly assignee: string | undefined
  readonly reporter: string | undefined
  readonly parent: string | undefined
  readonly created: number
  readonly updated: number
}

/** The issue as the index would hold it now. */
export function rowOf(issue: Issue): IndexRow {
  const { id, projectId, number, type, status, priority, resolution, labels, assignee, reporter, parent, created, updated } = issue
  return { id, projectId, number, type, status, priority, resolution, labels, assignee, reporter, parent, created, updated }
}

/** The search index: it learns of a change some time after it happened, and of two changes in any order. */
export class SearchIndex {
  /** How long the next change stays out of sight, in milliseconds. */
  lag: () => number = () => 0
  readonly #rows = new Map<string, IndexRow>()
  readonly #waiting: { readonly at: number; readonly id: string }[] = []

  /** Something happened to an issue. */
  touch(id: string, now: number, current: (id: string) => Issue | undefined): void {
    const lag = this.lag()
    if (lag <= 0) this.#index(id, current)
    else this.#waiting.push({ at: now + lag, id })
  }

  /** The rows that can be found now. */
  rows(now: number, current: (id: string) => Issue | undefined): Iterable<IndexRow> {
    const due = this.#waiting.filter(({ at }) => at <= now)
    if (due.length > 0) {
      const left = this.#waiting.filter(({ at }) => at > now)
      this.#waiting.splice(0, this.#waiting.length, ...left)
      for (const { id } of due) this.#index(id, current)
    }
    return this.#rows.values()
  }

  /** The index is damaged: these are found no more, until they are touched. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.#rows.delete(id)
  }

  /** Changes that are not to be found yet. */
  get pending(): number {
    return this.#waiting.length
  }

  #index(id: string, current: (id: string) => Issue | undefined): void {
    const issue = current(id)
    if (issue === undefined) this.#rows.delete(id)
    else this.#rows.set(id, rowOf(issue))
  }
}
