import type { JsonAnswer, JsonCallOptions, JsonQuery, PartCall } from '@qdrant-loader/http'
import { z } from 'zod'
import { GATEWAY, incompleteListing, parseAnswer } from '../errors.ts'
import { CommentPageBean, FieldDetails, IssueRow, Project } from '../schemas.ts'
import { orBareRows } from './bare-rows.ts'
import { KEY_FIELDS, timeoutOf } from './issue-reader.ts'
import type { JiraApi } from './jira-api.ts'
import type { CensusRows, CommentPage, IssuesAnswer, IssuesCall, JiraServer, QueryRows } from './jira-server.ts'
import { parseIssues } from './parse-issues.ts'

type JiraJs = typeof import('./cloud-routes.ts')
/** What the functions of jira.js send their requests through. */
type JiraJsClient = Parameters<JiraJs['getFields']>[0]

/** Jira gives up to 5,000 rows a page when nothing but ids is asked for, and perhaps when one field is. */
const ROWS_A_PAGE = 5_000
/** So many pages that are smaller show that rows with a field are capped. */
const MOST_SHORT_PAGES = 3
/** The most that `issue/bulkfetch` takes. */
const ISSUES_A_REQUEST = 100
/** A hundred issues with long descriptions and comments. */
const BULK_BYTES = 100_000_000
const PROJECTS_A_REQUEST = 50
const COMMENTS_A_PAGE = 100
/** In the address of one request. */
const PEOPLE_A_REQUEST = 100
/** How often a walk begins anew because the token of its next page expired. */
const RESTARTS = 3

/** Pages in a row without an issue that was not shown before. */
const MOST_BARREN_PAGES = 200

const Page = z.object({
  issues: z.array(IssueRow),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().nullish(),
  warnings: z.array(z.unknown()).nullish(),
})

const Bulk = z.object({
  issues: z.array(z.unknown()),
  issueErrors: z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String), errorMessage: z.string().optional() })).nullish(),
})

/** Jira Cloud, API version 3. */
export class CloudServer implements JiraServer {
  readonly batchSize = ISSUES_A_REQUEST
  readonly mostPeople = PEOPLE_A_REQUEST
  readonly lookUpSize = PEOPLE_A_REQUEST
  readonly listsOnlyBrowsable = true
  readonly #api: JiraApi
  readonly #baseUrl: string
  #jiraJs: Promise<JiraJs> | undefined

  constructor(api: JiraApi, baseUrl: string) {
    this.#api = api
    this.#baseUrl = baseUrl
  }

  get clock(): number | undefined {
    return this.#api.clock
  }

  async projects(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Project>> {
    const found = new Map<string, Project>()
    for (let at = 0; at < keys.length; at += PROJECTS_A_REQUEST) {
      const asked = keys.slice(at, at + PROJECTS_A_REQUEST)
      // 404 stands for: none of them.
      const { status, body } = await this.#ask({ signal, accept: [404] }, (jira, client) =>
        jira.searchProjects(client, { keys: [...asked], action: 'browse', maxResults: PROJECTS_A_REQUEST }),
      )
      if (status === 404) continue
      for (const project of parseAnswer(z.object({ values: z.array(Project) }), body, 'projects').values) {
        found.set(project.key.toUpperCase(), project)
      }
    }
    for (const key of keys) if (!found.has(key)) await this.#addRenamed(key, found, signal)
    return found
  }

  /** A project that was given another key is still found under the old one, alone. */
  async #addRenamed(key: string, found: Map<string, Project>, signal: AbortSignal): Promise<void> {
    const { status, body } = await this.#ask({ signal, accept: [401, 403, 404] }, (jira, client) => jira.getProject(client, { projectIdOrKey: key }))
    if (status !== 200) return
    const project = parseAnswer(Project, body, `project ${key}`)
    if (project.archived !== true && (await this.mayBrowse(project.id, { signal }))) found.set(key, project)
  }

  async mayBrowse(projectId: string, call: PartCall): Promise<boolean> {
    const { status, body } = await this.#ask({ ...call, accept: [400, 401, 403, 404] }, (jira, client) =>
      jira.getMyPermissions(client, { projectId, permissions: 'BROWSE_PROJECTS' }),
    )
    return status === 200 && parseAnswer(BrowsePermission, body, 'permissions').permissions.BROWSE_PROJECTS?.havePermission === true
  }

  probe(signal: AbortSignal): Promise<unknown> {
    return this.#ask({ signal }, (jira, client) => jira.getServerInfo(client))
  }

  async whoAmI(signal: AbortSignal): Promise<string> {
    const { body } = await this.#ask({ signal }, (jira, client) => jira.getCurrentUser(client))
    return parseAnswer(Myself, body, 'the user').displayName ?? 'a user without a name'
  }

  async query(jql: string, signal: AbortSignal): Promise<QueryRows> {
    return await this.#whole({ jql, fields: ['updated'] }, signal)
  }

  /**
   * A page of bare ids holds 5,000, as is documented. Whether one with `updated` does is not, and 20,000 issues would be
   * 200 pages of 100; so where it does not, the rows are bare.
   */
  async census(jql: string, signal: AbortSignal): Promise<CensusRows> {
    const rows = await this.#whole({ jql, fields: ['updated'], mostShortPages: MOST_SHORT_PAGES }, signal)
    return rows.capped ? { ...(await this.#whole({ jql, fields: ['id'] }, signal)), versions: false } : { ...rows, versions: true }
  }

  async #whole(asked: Asked, signal: AbortSignal): Promise<Walked> {
    for (let restart = 0; ; restart += 1) {
      const rows = await this.#walk(asked, signal)
      if (rows !== undefined) return rows
      if (restart === RESTARTS) throw incompleteListing('the token of the next page expired again and again')
    }
  }

  /** One walk over all pages; undefined when the token of a page was not accepted any more. */
  async #walk({ jql, fields, mostShortPages }: Asked, signal: AbortSignal): Promise<Walked | undefined> {
    const rows: IssueRow[] = []
    const [tokens, ids] = [new Set<string>(), new Set<string>()]
    let barren = 0
    let token: string | undefined
    for (let pages = 1; ; pages += 1) {
      const asked = { jql, maxResults: ROWS_A_PAGE, ...(token !== undefined && { nextPageToken: token }) }
      const options = { signal, ...(token !== undefined && { accept: [400] }) }
      const rowsWith = (some: readonly string[]) =>
        this.#ask(options, (jira, client) => jira.searchAndReconsileIssuesUsingJqlPost(client, { ...asked, fields: [...some] }))
      const answer = fields.includes('updated') ? await orBareRows(rowsWith, signal) : await rowsWith(fields)
      if (answer.status === 400) return undefined
      const page = parseAnswer(Page, answer.body, 'a page of issues')
      if ((page.warnings ?? []).length > 0) throw incompleteListing(this.#api.said(JSON.stringify(page.warnings)))
      rows.push(...page.issues)
      const before = ids.size
      for (const { id } of page.issues) ids.add(id)
      token = page.nextPageToken ?? undefined
      if (token === undefined && page.isLast === false) throw incompleteListing('a page that is not the last one names no next page')
      if (token === undefined) return { rows, pages, capped: false }
      barren = ids.size === before ? barren + 1 : 0
      if (barren > MOST_BARREN_PAGES) throw incompleteListing('it leads on for ever, and shows nothing new')
      if (tokens.has(token)) throw incompleteListing('a page leads back to one that was read before')
      if (pages === mostShortPages && rows.length < pages * ROWS_A_PAGE) return { rows: [], pages, capped: true }
      tokens.add(token)
    }
  }

  async issues(ids: readonly string[], fields: readonly string[], call: IssuesCall): Promise<IssuesAnswer> {
    const { body } = await this.#ask({ ...call, maxBytes: BULK_BYTES, timeoutMs: timeoutOf(ids.length) }, (jira, client) =>
      jira.bulkFetchIssues(client, { issueIdsOrKeys: [...ids], fields: [...fields] }),
    )
    const { issues, issueErrors } = parseAnswer(Bulk, body, 'issues')
    const refused = (issueErrors ?? []).map(({ id, errorMessage }) => [id, this.#api.said(errorMessage ?? 'no reason given')] as const)
    return { ...parseIssues(issues, refused), unsure: new Set(), at: this.clock ?? 0 }
  }

  /** An answer does not say which of the keys that were asked for led to an issue: those that it has are current. */
  async currentKeys(keys: readonly string[], call: PartCall): Promise<ReadonlyMap<string, string>> {
    const current = new Map<string, string>()
    const { issues: found } = await this.issues(keys, KEY_FIELDS, { ...call, counts: 'source' })
    for (const { key } of found) current.set(key, key)
    for (const key of keys.filter((one) => !current.has(one))) {
      const { issues } = await this.issues([key], KEY_FIELDS, { ...call, counts: 'source' })
      for (const issue of issues) current.set(key, issue.key)
    }
    return current
  }

  async comments(issueId: string, startAt: number, call: PartCall): Promise<CommentPage | undefined> {
    const { status, body } = await this.#ask({ ...call, counts: 'none', accept: [404] }, (jira, client) =>
      jira.getComments(client, { issueIdOrKey: issueId, startAt, maxResults: COMMENTS_A_PAGE, orderBy: 'created' }),
    )
    return status === 404 ? undefined : parseAnswer(CommentPageBean, body, `comments of ${issueId}`)
  }

  async siteUrl(signal: AbortSignal): Promise<string> {
    if (new URL(this.#baseUrl).hostname !== GATEWAY) return this.#baseUrl
    const { body } = await this.#ask({ signal }, (jira, client) => jira.getServerInfo(client))
    return parseAnswer(z.object({ baseUrl: z.url() }), body, 'the server').baseUrl.replace(/(?<!\/)\/+$/, '')
  }

  async fields(signal: AbortSignal): Promise<readonly FieldDetails[]> {
    const { body } = await this.#ask({ signal }, (jira, client) => jira.getFields(client))
    return parseAnswer(z.array(FieldDetails), body, 'fields')
  }

  /** jira.js has no function for this route. */
  async people(ids: readonly string[], call: PartCall): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    const query = { accountId: [...ids], maxResults: PEOPLE_A_REQUEST }
    const { status, body } = await this.#api.get('/rest/api/3/user/bulk', query, { ...call, accept: [400, 401, 403, 404] })
    if (status !== 200) return names
    for (const { accountId: id, displayName } of parseAnswer(People, body, 'people').values) if (displayName) names.set(id, displayName)
    return names
  }

  /**
   * jira.js builds the request, and our transport returns the answer as it came: its own schemas would turn dates into
   * `Date` and drop their offsets.
   */
  async #ask(options: JsonCallOptions, call: (jira: JiraJs, client: JiraJsClient) => Promise<unknown>): Promise<JsonAnswer> {
    this.#jiraJs ??= import('./cloud-routes.ts')
    const client: JiraJsClient = {
      sendRequest: async <Answer>({ url, method, body, searchParams }: Parameters<JiraJsClient['sendRequest']>[0]) => {
        const answer =
          method === 'POST' ? await this.#api.post(url, body, options) : await this.#api.get(url, searchParams as JsonQuery | undefined, options)
        return answer as Answer
      },
    }
    return (await call(await this.#jiraJs, client)) as JsonAnswer
  }
}

/** One walk over the pages of a query. */
interface Asked {
  readonly jql: string
  readonly fields: readonly string[]
  /** After so many pages that are smaller than was asked for, the walk is given up. */
  readonly mostShortPages?: number
}

interface Walked extends QueryRows {
  /** True: the walk was given up, and there are no rows. */
  readonly capped: boolean
}

const People = z.object({ values: z.array(z.object({ accountId: z.string(), displayName: z.string().nullish() })) })

const Myself = z.object({ displayName: z.string().nullish() })

const BrowsePermission = z.object({
  permissions: z.object({ BROWSE_PROJECTS: z.object({ havePermission: z.boolean().optional() }).optional() }),
})
