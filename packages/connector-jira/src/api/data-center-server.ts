import type { JsonCallOptions, PartCall } from '@qdrant-loader/http'
import { z } from 'zod'
import { incompleteListing, parseAnswer } from '../errors.ts'
import { CommentPageBean, FieldDetails, IssueRow, Project } from '../schemas.ts'
import { orBareRows } from './bare-rows.ts'
import { KEY_FIELDS, timeoutOf } from './issue-reader.ts'
import type { JiraApi } from './jira-api.ts'
import type { CensusRows, CommentPage, IssuesAnswer, IssuesCall, JiraServer, QueryRows } from './jira-server.ts'
import { idOf, parseIssues } from './parse-issues.ts'

/** Servers often allow no more than 1,000 a page, whatever is asked for. */
const ROWS_A_PAGE = 1_000
const ISSUES_A_REQUEST = 50
const BULK_BYTES = 100_000_000
const COMMENTS_A_PAGE = 1_000
/** One request each. */
const MOST_PEOPLE = 30
/** Issues that one call asks the database for alone, when the search index does not show them. */
const MOST_ALONE = 10

/** So often a walk steps back without finding anything new. */
const MOST_STEPS_BACK = 50

const Page = z.object({
  startAt: z.number(),
  total: z.number(),
  issues: z.array(IssueRow),
  warningMessages: z.array(z.unknown()).nullish(),
})

const Bulk = z.object({ issues: z.array(z.unknown()) })

const Messages = z.object({ warningMessages: z.array(z.string()).nullish(), errorMessages: z.array(z.string()).nullish() })

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
  readonly lookUpSize = 1
  /** Administrators see projects whose issues they may not browse. */
  readonly listsOnlyBrowsable = false
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

  async mayBrowse(projectId: string, call: PartCall): Promise<boolean> {
    const { status, body } = await this.#api.get('/rest/api/2/mypermissions', { projectId }, { ...call, accept: [400, 401, 403, 404] })
    if (status !== 200) return false
    const { permissions } = parseAnswer(Permission, body, 'permissions')
    return (permissions.BROWSE_PROJECTS ?? permissions.BROWSE)?.havePermission === true
  }

  probe(signal: AbortSignal): Promise<unknown> {
    return this.#api.get('/rest/api/2/serverInfo', undefined, { signal })
  }

  async whoAmI(signal: AbortSignal): Promise<string> {
    const { body } = await this.#api.get('/rest/api/2/myself', undefined, { signal })
    return parseAnswer(z.object({ displayName: z.string().nullish() }), body, 'the user').displayName ?? 'a user without a name'
  }

  /**
   * Walks by `startAt`. A row that leaves its place (edited, moved, deleted) lets the rest slide up, past the border
   * of the page. So each page begins with a row that was read before; when it does not, the walk steps back.
   */
  async query(jql: string, signal: AbortSignal): Promise<QueryRows> {
    const rows: IssueRow[] = []
    const read = new Map<string, string | undefined>()
    let startAt = 0
    let back = 1
    let stepsBack = 0
    for (let pages = 1; ; pages += 1) {
      const page = await this.#page(jql, startAt, signal)
      const [first] = page.issues
      const joined = startAt === 0 || (first !== undefined && read.has(first.id) && isSameRow(read.get(first.id), first.fields?.updated))
      if (!joined) {
        stepsBack += 1
        if (stepsBack > MOST_STEPS_BACK) throw incompleteListing(`the rows at ${startAt} of ${page.total} do not follow on those before`)
        back *= 10
        startAt = Math.max(0, startAt - back)
        continue
      }
      back = 1
      if (page.issues.some(({ id }) => !read.has(id))) stepsBack = 0
      rows.push(...page.issues)
      for (const row of page.issues) read.set(row.id, row.fields?.updated)
      const end = startAt + page.issues.length
      if (end >= page.total) return { rows, pages }
      if (page.issues.length < 2) throw incompleteListing(`a page of ${page.issues.length} rows at ${startAt} of ${page.total}`)
      startAt = end - 1
    }
  }

  async census(jql: string, signal: AbortSignal): Promise<CensusRows> {
    return { ...(await this.query(jql, signal)), versions: true }
  }

  async #page(jql: string, startAt: number, signal: AbortSignal): Promise<z.output<typeof Page>> {
    const rows = (fields: readonly string[]) => this.#api.post('/rest/api/2/search', { jql, fields, startAt, maxResults: ROWS_A_PAGE }, { signal })
    const { body } = await orBareRows(rows, signal)
    const page = parseAnswer(Page, body, 'a page of issues')
    if ((page.warningMessages ?? []).length > 0) throw incompleteListing(this.#api.said(JSON.stringify(page.warningMessages)))
    if (page.startAt !== startAt) throw incompleteListing(`asked for rows from ${startAt}, got rows from ${page.startAt}`)
    return page
  }

  /**
   * A search by id delivers many issues at once. What it did not deliver is asked for again, so that absence is the
   * database's word and not the index's: a query that names what does not exist is refused, and the refusal names it.
   */
  async issues(ids: readonly string[], fields: readonly string[], call: IssuesCall): Promise<IssuesAnswer> {
    const asking = { fields, options: { ...call, maxBytes: BULK_BYTES, timeoutMs: timeoutOf(ids.length) } }
    const answer = ids.length > 1 ? await this.#searchFor(ids, false, asking) : NOTHING
    const found = [...answer.found]
    const shown = new Set(found.map(idOf))
    const missing = ids.filter((id) => !shown.has(id) && !answer.gone.has(id))
    const gone = missing.length > MOST_ALONE ? (await this.#searchFor(missing, true, asking)).gone : new Set<string>()
    const alone = missing.filter((id) => !gone.has(id))
    for (const id of alone.slice(0, MOST_ALONE)) found.push(...(await this.#alone(id, asking)))
    return { ...parseIssues(found, []), unsure: new Set(alone.slice(MOST_ALONE)), at: this.clock ?? 0 }
  }

  /**
   * Issues that the index has. Not strict, a query may name what does not exist; strict, the server refuses it and
   * says what that is. Some are always strict. A refusal that names nothing that we asked for is halved.
   */
  async #searchFor(ids: readonly string[], strict: boolean, asking: Asking): Promise<Searched> {
    const asked = { jql: `id in (${ids.join(', ')})`, fields: asking.fields, expand: ['renderedFields'], startAt: 0, maxResults: ids.length, validateQuery: strict }
    const { status, body } = await this.#api.post('/rest/api/2/search', asked, { ...asking.options, accept: [400] })
    const gone = namedIn(body, ids)
    if (status === 200) return { found: parseAnswer(Bulk, body, 'issues').issues, gone }
    const left = ids.filter((id) => !gone.has(id))
    if (left.length === 0 || (strict && gone.size > 0) || ids.length === 1) return { found: [], gone }
    if (gone.size > 0) return both({ found: [], gone }, await this.#searchFor(left, strict, asking))
    if (strict) return NOTHING
    const middle = Math.ceil(ids.length / 2)
    return both(await this.#searchFor(ids.slice(0, middle), strict, asking), await this.#searchFor(ids.slice(middle), strict, asking))
  }

  /** One issue as the database has it; none when it does not exist, or may not be seen. */
  async #alone(idOrKey: string, { fields, options }: Asking): Promise<readonly unknown[]> {
    const query = { fields: fields.join(','), expand: 'renderedFields' }
    const { status, body } = await this.#api.get(`/rest/api/2/issue/${encodeURIComponent(idOrKey)}`, query, { ...options, accept: [403, 404] })
    return status === 200 ? [body] : []
  }

  /** A key that an issue had once still leads to it, alone. */
  async currentKeys(keys: readonly string[], call: PartCall): Promise<ReadonlyMap<string, string>> {
    const current = new Map<string, string>()
    for (const key of keys) {
      const { issues } = parseIssues(await this.#alone(key, { fields: KEY_FIELDS, options: call }), [])
      for (const issue of issues) current.set(key, issue.key)
    }
    return current
  }

  async comments(issueId: string, startAt: number, call: PartCall): Promise<CommentPage | undefined> {
    const query = { startAt, maxResults: COMMENTS_A_PAGE, orderBy: 'created', expand: 'renderedBody' }
    const path = `/rest/api/2/issue/${encodeURIComponent(issueId)}/comment`
    const { status, body } = await this.#api.get(path, query, { ...call, counts: 'none', accept: [404] })
    return status === 404 ? undefined : parseAnswer(CommentPageBean, body, `comments of ${issueId}`)
  }

  async siteUrl(): Promise<string> {
    return this.#baseUrl
  }

  async fields(signal: AbortSignal): Promise<readonly FieldDetails[]> {
    const { body } = await this.#api.get('/rest/api/2/field', undefined, { signal })
    return parseAnswer(z.array(FieldDetails), body, 'fields')
  }

  async people(ids: readonly string[], call: PartCall): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    for (const username of ids) {
      const { status, body } = await this.#api.get('/rest/api/2/user', { username }, { ...call, accept: [400, 401, 403, 404] })
      if (status !== 200) continue
      const { displayName } = parseAnswer(z.object({ displayName: z.string().nullish() }), body, `the user ${username}`)
      if (displayName) names.set(username, displayName)
    }
    return names
  }
}

/** A row that is shown without its time is taken for the same. */
function isSameRow(before: string | undefined, now: string | undefined): boolean {
  return before === undefined || now === undefined || before === now
}

interface Asking {
  readonly fields: readonly string[]
  readonly options: JsonCallOptions
}

interface Searched {
  readonly found: readonly unknown[]
  /** Issues of which the server says that they do not exist. */
  readonly gone: ReadonlySet<string>
}

const NOTHING: Searched = { found: [], gone: new Set() }

function both(one: Searched, other: Searched): Searched {
  return { found: [...one.found, ...other.found], gone: new Set([...one.gone, ...other.gone]) }
}

/** Ids that a message quotes. Its words depend on the version and the language of the server. */
function namedIn(body: unknown, ids: readonly string[]): ReadonlySet<string> {
  const { data } = Messages.safeParse(body)
  const said = [...(data?.warningMessages ?? []), ...(data?.errorMessages ?? [])].flatMap((message) => message.match(/(?<![\w-])\d+(?![\w-])/g) ?? [])
  const named = new Set(said)
  return new Set(ids.filter((id) => named.has(id)))
}
