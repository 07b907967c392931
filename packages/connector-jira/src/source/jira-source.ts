import { createHash } from 'node:crypto'
import type { DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
import { resolveFields } from '../api/field-catalog.ts'
import type { WholeIssue } from '../api/issue-reader.ts'
import type { JiraServer } from '../api/jira-server.ts'
import type { ReadsById } from '../api/reads-by-id.ts'
import { jiraError } from '../codes.ts'
import type { JiraConfig } from '../config.ts'
import { PeopleLookUp } from '../names/people-look-up.ts'
import type { IssueBean } from '../schemas.ts'
import { IssueSelection } from '../selection.ts'
import { issueStub, issueUrl } from '../stub.ts'
import type { IssueHead } from '../stub.ts'
import { issueDocument } from '../text/issue-document.ts'
import type { ConvertedIssue, ReadIssue } from '../text/issue-document.ts'
import type { IssueReading } from '../text/issue-reading.ts'
import type { RichText } from '../text/rich-text.ts'
import { ProjectRoster } from './project-roster.ts'

/** What a {@link JiraSource} needs. */
export interface JiraSourceDeps {
  readonly config: JiraConfig
  readonly server: JiraServer
  readonly reads: ReadsById
  readonly richText: RichText
  /** Version of all that turns an issue into text. */
  readonly extraction: string
}

/** One configured source: its projects, its selection and how its issues are read. Lives as long as a run. */
export class JiraSource {
  readonly selection: IssueSelection
  /** Base URL and selection: a cursor of another place is of no use. */
  readonly place: string
  readonly #deps: JiraSourceDeps
  #roster: Promise<ProjectRoster> | undefined
  #reading: Promise<IssueReading> | undefined
  readonly #browsable = new Map<string, Promise<boolean>>()
  readonly #people: PeopleLookUp

  constructor(deps: JiraSourceDeps) {
    this.#deps = deps
    this.#people = new PeopleLookUp(deps.reads)
    this.selection = new IssueSelection(deps.config)
    const { base_url, project_key, jql, issue_types, include_statuses } = deps.config
    this.place = hash([base_url, project_key ?? null, jql ?? null, issue_types ?? null, include_statuses ?? null])
  }

  /** The server's clock; undefined before its first answer. */
  get clock(): number | undefined {
    return this.#deps.server.clock
  }

  /** Whether issues name their subtasks; see `IssueReading.subtasks`. */
  get namesSubtasks(): boolean {
    return this.selection.query === undefined && !this.selection.filters
  }

  /** The page of an issue, for people. */
  urlOf(key: string): string {
    return issueUrl(this.#deps.config.base_url, key)
  }

  /** The configured projects as they are now. One request, once. */
  roster(signal: AbortSignal): Promise<ProjectRoster> {
    this.#roster ??= this.#look(signal).catch((error: unknown) => {
      this.#roster = undefined
      throw error
    })
    return this.#roster
  }

  /**
   * The configured projects without those that can be seen and not browsed, as administrators have them on Data Center.
   * From now on they count as unreadable. One request a project, once.
   */
  async browsableRoster(signal: AbortSignal): Promise<ProjectRoster> {
    const roster = await this.roster(signal)
    if (this.#deps.server.listsOnlyBrowsable) return roster
    const closed = new Set<string>()
    for (const id of roster.readableIds) if (!(await this.mayBrowse(id, signal))) closed.add(id)
    if (closed.size > 0) this.#roster = Promise.resolve(roster.without(closed))
    const left = await this.roster(signal)
    if (left.readableScopes.length === 0 && left.scopes.length > 0) throw await this.#noProject(left.scopes, signal)
    return left
  }

  /** Whether the issues of a project may be seen. Asked once in a run. */
  mayBrowse(projectId: string, signal: AbortSignal): Promise<boolean> {
    const asked = this.#browsable.get(projectId)
    if (asked !== undefined) return asked
    const answer = this.#deps.reads.mayBrowse(projectId, signal)
    this.#browsable.set(projectId, answer)
    answer.catch(() => this.#browsable.delete(projectId))
    return answer
  }

  /** True when every configured project can be read, so that an issue which is not found is in none of them. */
  async seesAllProjects(signal: AbortSignal): Promise<boolean> {
    const roster = await this.roster(signal)
    if (roster.hiddenScopes.length > 0) return false
    if (this.#deps.server.listsOnlyBrowsable) return true
    for (const id of roster.readableIds) if (!(await this.mayBrowse(id, signal))) return false
    return true
  }

  /** How issues are read now. Asks for the list of fields, once, and only when an issue has to be read or compared. */
  reading(signal: AbortSignal): Promise<IssueReading> {
    this.#reading ??= this.#prepare(signal).catch((error: unknown) => {
      this.#reading = undefined
      throw error
    })
    return this.#reading
  }

  /** The documents of issues by id, without those that are not selected (any more). */
  async documentsOf(issues: Iterable<WholeIssue>, signal: AbortSignal): Promise<ReadonlyMap<string, SourceDocument>> {
    const reading = await this.reading(signal)
    const selected: ReadIssue[] = []
    for (const whole of issues) {
      const scope = await this.#scopeOf(whole.issue, signal)
      if (scope !== undefined) selected.push({ ...whole, scope })
    }
    const converted = (): (readonly [ReadIssue, ConvertedIssue])[] => selected.map((read) => [read, issueDocument(read, reading, this.#people.nameOf)])
    const first = converted()
    const unnamed = [...new Set(first.flatMap(([, { unnamed: ids }]) => ids))].filter((id) => !this.#people.knows(id))
    if (unnamed.length > 0) await this.#people.ask(unnamed, signal)
    return new Map((unnamed.length > 0 ? converted() : first).map(([{ issue }, { document }]) => [issue.id, document]))
  }

  /** All but the text of an issue, or undefined when it is not selected (any more). */
  async stubOf(head: Omit<IssueHead, 'scope'>, signal: AbortSignal): Promise<DocumentStub | undefined> {
    const scope = await this.#scopeOf(head.issue, signal)
    return scope === undefined ? undefined : issueStub({ ...head, scope }, await this.reading(signal))
  }

  /** @throws LoaderError of kind `auth` when the credentials are wrong; an anonymous source has none. */
  async signIn(signal: AbortSignal): Promise<string> {
    const { config, server } = this.#deps
    if (config.token === undefined) return 'Somebody without a token'
    return await server.whoAmI(signal)
  }

  async #scopeOf({ fields: { project, status, issuetype } }: IssueBean, signal: AbortSignal): Promise<string | undefined> {
    return this.selection.scopeOf({ projectId: project.id, status, type: issuetype }, await this.roster(signal))
  }

  async #look(signal: AbortSignal): Promise<ProjectRoster> {
    const { config, server } = this.#deps
    if (config.project_key === undefined) {
      // Without a user Jira answers with an empty list, not with an error.
      await this.signIn(signal)
      return new ProjectRoster([], new Map())
    }
    const roster = new ProjectRoster(config.project_key, await server.projects(config.project_key, signal))
    if (roster.readableScopes.length === 0) throw await this.#noProject(config.project_key, signal)
    return roster
  }

  async #noProject(keys: readonly string[], signal: AbortSignal): Promise<Error> {
    const { base_url } = this.#deps.config
    const who = await this.signIn(signal)
    const projects = `${keys.length === 1 ? 'the project' : 'any of the projects'} ${keys.join(', ')}`
    return jiraError('jira_project_not_visible/all', { who, projects, address: base_url })
  }

  async #prepare(signal: AbortSignal): Promise<IssueReading> {
    const { config, server, richText, extraction } = this.#deps
    const named = { content: config.content_fields ?? [], extra: config.extra_fields ?? [] }
    const extraFields = named.content.length + named.extra.length > 0 ? resolveFields(named, await server.fields(signal)) : []
    const siteUrl = await server.siteUrl(signal)
    const subtasks = this.namesSubtasks
    return { siteUrl, richText, extraFields, subtasks, hash: hash([extraction, siteUrl, config.include_comments, extraFields, subtasks]) }
  }
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
