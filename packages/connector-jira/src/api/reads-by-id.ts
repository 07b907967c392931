import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { readInParts, ServerHealth } from '@qdrant-loader/http'
import type { IssueBean } from '../schemas.ts'
import type { CommentPage, IssuesAnswer, JiraServer } from './jira-server.ts'

/**
 * What is asked for by id, many at once. What the server cannot show fails alone, and the others are read; a server
 * that is down is found out after few requests. One for each opened source.
 */
export class ReadsById {
  readonly #server: JiraServer
  readonly #health: ServerHealth
  /** Issues that the server could not show in this run: asking again would take as long once more. */
  readonly #unservable = new Map<string, LoaderError>()

  constructor(server: JiraServer) {
    this.#server = server
    this.#health = new ServerHealth({ probe: (signal) => server.probe(signal) })
  }

  /** How many issues one request takes. */
  get batchSize(): number {
    return this.#server.batchSize
  }

  /** The most people whose names one listing asks for, beside those that it finds in issues. */
  get mostPeople(): number {
    return this.#server.mostPeople
  }

  /** Issues as the database has them, with the fields that are named. `counts`: whether requests count as such. */
  async issues(ids: readonly string[], fields: readonly string[], counts: 'source' | 'none', signal: AbortSignal): Promise<IssuesAnswer> {
    const issues: IssueBean[] = []
    const failed = new Map<string, LoaderError>()
    const unsure = new Set<string>()
    let at = Number.POSITIVE_INFINITY
    const open = ids.filter((id) => !this.#unservable.has(id))
    for (const id of ids) if (this.#unservable.has(id)) failed.set(id, this.#unservable.get(id) as LoaderError)
    const read = (some: readonly string[], call: { readonly signal: AbortSignal; readonly retries?: number }) => this.#server.issues(some, fields, { ...call, counts })
    for await (const part of readInParts(open, { size: this.batchSize, read, health: this.#health, signal, describe: (id) => `the issue ${id}` })) {
      if (part.error !== undefined) {
        failed.set(part.items[0], part.error)
        this.#unservable.set(part.items[0], part.error)
        continue
      }
      const { result } = part
      issues.push(...result.issues)
      for (const [id, reason] of result.failed) failed.set(id, reason)
      for (const id of result.unsure) unsure.add(id)
      at = Math.min(at, result.at)
    }
    return { issues, failed, unsure, at: Number.isFinite(at) ? at : 0 }
  }

  /** A page of comments, `undefined` when the issue is gone, or the reason why the server cannot show it. */
  async comments(issueId: string, startAt: number, signal: AbortSignal): Promise<{ readonly page: CommentPage | undefined } | LoaderError> {
    const read = ([id = '']: readonly string[], call: { readonly signal: AbortSignal; readonly retries?: number }) => this.#server.comments(id, startAt, call)
    const asking = { size: 1, read, health: this.#health, signal, describe: (id: string) => `the comments of the issue ${id}` }
    for await (const part of readInParts([issueId], asking)) return part.error ?? { page: part.result }
    return { page: undefined }
  }

  /** Display names by id. Who is not found, may not be seen or cannot be shown is left out, and keeps the name that is known. */
  people(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.#lookUp(ids, (some, call) => this.#server.people(some, call), 'the person', signal)
  }

  /** The keys that issues have today, by keys that they have or had. What leads to no issue is left out. */
  currentKeys(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return this.#lookUp(keys, (some, call) => this.#server.currentKeys(some, call), 'the issue', signal)
  }

  /** Whether the issues of a project may be seen; false when the server cannot tell. */
  async mayBrowse(projectId: string, signal: AbortSignal): Promise<boolean> {
    const read = ([id = '']: readonly string[], call: { readonly signal: AbortSignal; readonly retries?: number }) => this.#server.mayBrowse(id, call)
    const asking = { size: 1, read, health: this.#health, signal, describe: (id: string) => `the permissions for the project ${id}` }
    for await (const part of readInParts([projectId], asking)) return part.error === undefined && part.result
    return false
  }

  async #lookUp(
    ids: readonly string[],
    read: (some: readonly string[], call: { readonly signal: AbortSignal; readonly retries?: number }) => Promise<ReadonlyMap<string, string>>,
    what: string,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    for await (const part of readInParts(ids, { size: this.#server.lookUpSize, read, health: this.#health, signal, describe: (id) => `${what} ${id}` })) {
      if (part.error === undefined) for (const [id, name] of part.result) found.set(id, name)
    }
    return found
  }
}
