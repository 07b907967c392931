import { z } from 'zod'
import { FieldDetails } from './field-details.ts'
import type { JiraApi } from './jira-api.ts'
import { incompleteListing, parseAnswer } from './jira-errors.ts'
import type { CommentPage, IssuesAnswer, JiraServer, QueryRows } from './jira-server.ts'
import { idOf, parseIssues } from './parse-issues.ts'
import { CommentPageBean, IssueRow, Project } from './schemas.ts'

/** Servers often allow no more than 1,000 a page, whatever is asked for. */
const ROWS_A_PAGE = 1_000
const ISSUES_A_REQUEST = 50
const BULK_BYTES = 100_000_000
const COMMENTS_A_PAGE = 1_000
/** One request each. */
const MOST_PEOPLE = 30

const Page = z.object({
  startAt: z.number(),
  total: z.number(),
  issues: z.array(IssueRow),
  warningMessages: z.array(z.unknown()).nullish(),
})

const Bulk = z.object({ issues: z.array(z.unknown()) })

const Permission = z.object({
  permissions: z.object({
    BROWSE: z.object({ havePermission: z.boolean().optional() }).optional(),
    BROWSE_PROJECTS: z.object({ havePermission: z.boolean().optional() }).optional(),
  }),
})

/** Jira Data Center and Server, API version 2, which jira.js does not speak. */
export class DataCenterServer implements JiraServer {
  readonly batchSize = ISSUES_A_REQUEST
  readonly mostPeople = MOST_PEOPLE
  readonly #api: JiraApi
  readonly #baseUrl: string

  constructor(api: JiraApi, baseUrl: string) {
    this.#api = api
    this.#baseUrl = baseUrl
  }

  get clock(): number | undefined {
    return this.#api.clock
  }

  async projects(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Project>> {
    const found = new Map<string, Project>()
    if (keys.length > 1) {
      const { body } = await this.#api.get('/rest/api/2/project', undefined, { signal })
      const wanted = new Set(keys)
      for (const project of parseAnswer(z.array(Project), body, 'projects')) if (wanted.has(project.key) && project.archived !== true) found.set(project.key, project)
    }
    for (const key of keys) {
      if (found.has(key)) continue
      const { status, body } = await this.#api.get(`/rest/api/2/project/${encodeURIComponent(key)}`, undefined, { signal, accept: [401, 403, 404] })
      if (status !== 200) continue
      const project = parseAnswer(Project, body, `project ${key}`)
      if (project.archived !== true) found.set(key, project)
    }
    return found
  }

  async mayBrowse(projectId: string, signal: AbortSignal): Promise<boolean> {
    const { status, body } = await this.#api.get('/rest/api/2/mypermissions', { projectId }, { signal, accept: [400, 401, 403, 404] })
    if (status !== 200) return false
    const { permissions } = parseAnswer(Permission, body, 'permissions')
    return (permissions.BROWSE_PROJECTS ?? permissions.BROWSE)?.havePermission === true
  }

  async whoAmI(signal: AbortSignal): Promise<string> {
    const { body } = await this.#api.get('/rest/api/2/myself', undefined, { signal })
    return parseAnswer(z.object({ displayName: z.string().nullish() }), body, 'the user').displayName ?? 'a user without a name'
  }

  /**
   * Walks by `startAt`. A row that leaves its place (edited, moved, deleted) lets the rest slide up, past the border
   * of the page. So each page begins with a row that was read before; when it does not, the walk steps back.
   */
  async query(jql: string, fields: readonly string[], signal: AbortSignal): Promise<QueryRows> {
    const rows: IssueRow[] = []
    const read = new Map<string, string | undefined>()
    let startAt = 0
    let back = 1
    for (let pages = 1; ; pages += 1) {
      const page = await this.#page(jql, fields, startAt, signal)
      const [first] = page.issues
      const joined = startAt === 0 || (first !== undefined && read.has(first.id) && read.get(first.id) === first.fields?.updated)
      if (!joined) {
        back *= 10
        startAt = Math.max(0, startAt - back)
        continue
      }
      back = 1
      rows.push(...page.issues)
      for (const row of page.issues) read.set(row.id, row.fields?.updated)
      const end = startAt + page.issues.length
      if (end >= page.total) return { rows, pages }
      if (page.issues.length < 2) throw incompleteListing(`a page of ${page.issues.length} rows at ${startAt} of ${page.total}`)
      startAt = end - 1
    }
  }

  async #page(jql: string, fields: readonly string[], startAt: number, signal: AbortSignal): Promise<z.output<typeof Page>> {
    const { body } = await this.#api.post('/rest/api/2/search', { jql, fields, startAt, maxResults: ROWS_A_PAGE }, { signal })
    const page = parseAnswer(Page, body, 'a page of issues')
    if ((page.warningMessages ?? []).length > 0) throw incompleteListing(JSON.stringify(page.warningMessages))
    if (page.startAt !== startAt) throw incompleteListing(`asked for rows from ${startAt}, got rows from ${page.startAt}`)
    return page
  }

  /**
   * A search by id delivers many issues at once, and fails (400) when one of them does not exist. What it did not
   * deliver is asked for alone, so that absence is the database's word and not the index's.
   */
  async issues(ids: readonly string[], fields: readonly string[], counts: 'source' | 'none', signal: AbortSignal): Promise<IssuesAnswer> {
    const options = { signal, counts, maxBytes: BULK_BYTES, timeoutMs: 120_000 } as const
    const found: unknown[] = []
    const missing = new Set(ids)
    if (ids.length > 1) {
      const asked = { jql: `id in (${ids.join(', ')})`, fields, expand: ['renderedFields'], startAt: 0, maxResults: ids.length }
      const { status, body } = await this.#api.post('/rest/api/2/search', asked, { ...options, accept: [400] })
      if (status === 200) found.push(...parseAnswer(Bulk, body, 'issues').issues)
      for (const issue of found) missing.delete(idOf(issue))
    }
    for (const id of missing) {
      const query = { fields: fields.join(','), expand: 'renderedFields' }
      const { status, body } = await this.#api.get(`/rest/api/2/issue/${encodeURIComponent(id)}`, query, { ...options, accept: [403, 404] })
      if (status === 200) found.push(body)
    }
    return { ...parseIssues(found, []), at: this.clock ?? 0 }
  }

  async comments(issueId: string, startAt: number, signal: AbortSignal): Promise<CommentPage | undefined> {
    const query = { startAt, maxResults: COMMENTS_A_PAGE, orderBy: 'created', expand: 'renderedBody' }
    const path = `/rest/api/2/issue/${encodeURIComponent(issueId)}/comment`
    const { status, body } = await this.#api.get(path, query, { signal, counts: 'none', accept: [404] })
    return status === 404 ? undefined : parseAnswer(CommentPageBean, body, `comments of ${issueId}`)
  }

  async siteUrl(): Promise<string> {
    return this.#baseUrl
  }

  async fields(signal: AbortSignal): Promise<readonly FieldDetails[]> {
    const { body } = await this.#api.get('/rest/api/2/field', undefined, { signal })
    return parseAnswer(z.array(FieldDetails), body, 'fields')
  }

  async people(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    for (const username of ids) {
      const { status, body } = await this.#api.get('/rest/api/2/user', { username }, { signal, accept: [400, 401, 403, 404] })
      if (status !== 200) continue
      const { displayName } = parseAnswer(z.object({ displayName: z.string().nullish() }), body, `the user ${username}`)
      if (displayName) names.set(username, displayName)
    }
    return names
  }
}
