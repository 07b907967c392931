import { z } from 'zod'
import { type Answer, Violation } from '../base/answer.ts'
import { failed, json } from './answer.ts'
import { commonRoutes, projectJson } from './common-routes.ts'
import type { History, Issue } from './model.ts'
import {
  countIssues,
  expansions,
  historyJson,
  issueJson,
  list,
  NO_ISSUE,
  one,
  type Request,
  type Route,
  route,
  selectFields,
  type ServerState,
  whole,
  yesNo,
} from './route.ts'
import { person } from './represent.ts'
import { runQuery, searchCloud } from './search.ts'

const BASE = '/rest/api/3'
const SEARCH_QUERY = z.strictObject({
  jql: one,
  nextPageToken: one.optional(),
  maxResults: whole.optional(),
  fields: list.optional(),
  expand: list.optional(),
  fieldsByKeys: yesNo.optional(),
  failFast: yesNo.optional(),
  reconcileIssues: list.optional(),
})
const SEARCH_BODY = z.strictObject({
  jql: z.string(),
  nextPageToken: z.string().optional(),
  maxResults: z.int().min(0).optional(),
  fields: z.array(z.string()).optional(),
  expand: z.string().optional(),
  fieldsByKeys: z.boolean().optional(),
  reconcileIssues: z.array(z.int()).optional(),
})
const BULK_BODY = z.strictObject({
  issueIdsOrKeys: z.array(z.string()),
  fields: z.array(z.string()).optional(),
  expand: z.array(z.string()).optional(),
  fieldsByKeys: z.boolean().optional(),
})
const CHANGELOG_BODY = z.strictObject({
  issueIdsOrKeys: z.array(z.string()),
  fieldIds: z.array(z.string()).optional(),
  maxResults: z.int().min(1).optional(),
  nextPageToken: z.string().optional(),
})
const PROJECT_QUERY = z.strictObject({
  startAt: whole.optional(),
  maxResults: whole.optional(),
  orderBy: one.optional(),
  id: list.optional(),
  keys: list.optional(),
  query: one.optional(),
  action: one.pipe(z.enum(['view', 'browse'])).optional(),
  status: list.optional(),
  expand: list.optional(),
})
const USERS_QUERY = z.strictObject({ accountId: list, startAt: whole.optional(), maxResults: whole.optional() })
const REMOVED = failed(410, [
  'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046',
])

/** Routes of Jira Cloud, version 3. Every other one is a violation. */
export const CLOUD_ROUTES: readonly Route[] = [
  route('GET', `${BASE}/search/jql`, { query: SEARCH_QUERY }, ({ state, query }) => search(query, query.expand, state)),
  route('POST', `${BASE}/search/jql`, { body: SEARCH_BODY }, ({ state, body }) => search(body, body.expand?.split(','), state)),
  route('POST', `${BASE}/search/approximate-count`, { body: z.strictObject({ jql: z.string() }) }, ({ state, body }) => {
    const found = runQuery(body.jql, state)
    if ('status' in found) return found
    return found.problems.length > 0 && !state.anonymous ? failed(400, found.problems) : json(200, { count: found.rows.length })
  }),
  route('GET', `${BASE}/search`, { query: z.looseObject({}) }, () => REMOVED),
  route('POST', `${BASE}/search`, { body: z.unknown() }, () => REMOVED),
  route('POST', `${BASE}/issue/bulkfetch`, { body: BULK_BODY }, bulkFetch),
  route('POST', `${BASE}/changelog/bulkfetch`, { body: CHANGELOG_BODY }, bulkChangelogs),
  route('GET', `${BASE}/issue/{id}/changelog`, { query: z.strictObject({ startAt: whole.optional(), maxResults: whole.optional() }) }, changelog),
  route('GET', `${BASE}/project/search`, { query: PROJECT_QUERY }, projects),
  route('GET', `${BASE}/user/bulk`, { query: USERS_QUERY }, users),
  ...commonRoutes(BASE),
]

interface SearchFields {
  readonly jql: string
  readonly nextPageToken?: string | undefined
  readonly maxResults?: number | undefined
  readonly fields?: readonly string[] | undefined
  readonly reconcileIssues?: readonly (string | number)[] | undefined
}

function search(given: SearchFields, expand: readonly string[] | undefined, state: ServerState): Answer {
  const reconcile = (given.reconcileIssues ?? []).map(String)
  if (reconcile.length > 50) throw new Violation(`reconcileIssues takes 50 ids, and there were ${reconcile.length}`)
  const { jql, fields, maxResults = 50, nextPageToken } = given
  return searchCloud({ jql, fields, maxResults: maxResults === 0 ? 50 : maxResults, nextPageToken, reconcile, expand: expansions(expand) }, state)
}

/** Issues in ascending order of their ids; what is not there, or not for our eyes, is left out without a word. */
function bulkFetch({ state, body }: Request<unknown, z.output<typeof BULK_BODY>>): Answer {
  const { issueIdsOrKeys: wanted } = body
  if (wanted.length > 100) throw new Violation(`issue/bulkfetch takes 100 issues, and there were ${wanted.length}`)
  if (wanted.length === 0) throw new Violation('issue/bulkfetch without an issue')
  const fields = selectFields(body.fields, state)
  const expand = expansions(body.expand)
  const issues = seen(wanted, state)
  countIssues(issues.length, fields, state)
  return json(200, {
    expand: 'schema,names',
    issueErrors: [],
    issues: issues.toSorted((a, b) => Number(a.id) - Number(b.id)).map((issue) => issueJson(issue, fields, expand, state)),
  })
}

function seen(wanted: readonly string[], state: ServerState): readonly Issue[] {
  if (state.anonymous) return []
  const found = wanted.map((idOrKey) => state.world.find(idOrKey)).filter((issue) => issue !== undefined)
  return [...new Map(found.map((issue) => [issue.id, issue])).values()]
}

function bulkChangelogs({ state, body }: Request<unknown, z.output<typeof CHANGELOG_BODY>>): Answer {
  const { issueIdsOrKeys: wanted, fieldIds } = body
  if (wanted.length > 1_000) throw new Violation(`changelog/bulkfetch takes 1,000 issues, and there were ${wanted.length}`)
  if ((fieldIds?.length ?? 0) > 10) throw new Violation(`changelog/bulkfetch takes 10 field ids, and there were ${fieldIds?.length}`)
  const all = seen(wanted, state)
    .flatMap((issue) => issue.history.map((history) => ({ issue, history })))
    .filter(({ history }) => fieldIds === undefined || history.items.some(({ fieldId }) => fieldIds.includes(fieldId)))
    .sort((a, b) => a.history.created - b.history.created || Number(a.issue.id) - Number(b.issue.id))
  const start = body.nextPageToken === undefined ? 0 : Number(Buffer.from(body.nextPageToken, 'base64').toString())
  if (!Number.isInteger(start)) return failed(400, ['The provided next page token is invalid or expired.'])
  const end = start + Math.min(body.maxResults ?? state.limits.histories, state.limits.histories)
  const byIssue = new Map<string, History[]>()
  for (const { issue, history } of all.slice(start, end)) byIssue.set(issue.id, [...(byIssue.get(issue.id) ?? []), history])
  return json(200, {
    issueChangeLogs: [...byIssue].map(([issueId, histories]) => ({
      issueId,
      changeHistories: histories.map((history) => historyJson(history, history.created, state, fieldIds)),
    })),
    ...(end < all.length ? { nextPageToken: Buffer.from(String(end)).toString('base64') } : {}),
  })
}

function changelog({ state, id, query }: Request<{ startAt?: number | undefined; maxResults?: number | undefined }>): Answer {
  const issue = state.anonymous ? undefined : state.world.find(id)
  if (issue === undefined) return NO_ISSUE
  const { startAt = 0, maxResults = 100 } = query
  const end = startAt + Math.min(maxResults, 100)
  const values = issue.history.slice(startAt, end).map((history) => historyJson(history, new Date(history.created).toISOString(), state))
  return json(200, { startAt, maxResults, total: issue.history.length, isLast: end >= issue.history.length, values })
}

/** Those that are not there are left out. */
function users({ state, query }: Request<z.output<typeof USERS_QUERY>>): Answer {
  if (state.anonymous) return failed(401, ['Client must be authenticated to access this resource.'])
  const { accountId, startAt = 0, maxResults = 10 } = query
  if (accountId.length > 200) throw new Violation(`user/bulk with ${accountId.length} ids makes too long an address`)
  const found = accountId.map((id) => person(id, state)).filter((one) => one !== null)
  const values = found.slice(startAt, startAt + maxResults)
  return json(200, { startAt, maxResults, total: found.length, isLast: startAt + maxResults >= found.length, values })
}

function projects({ state, query }: Request<z.output<typeof PROJECT_QUERY>>): Answer {
  const { startAt = 0, maxResults = 50, id, keys } = query
  if ((id?.length ?? 0) > 50 || (keys?.length ?? 0) > 50) throw new Violation('project/search takes 50 ids or keys')
  const archived = query.status?.includes('archived') ?? false
  const live = query.status?.includes('live') ?? query.status === undefined
  const found = state.anonymous ? [] : state.world.projects.values().toArray().filter((project) =>
    project.visible &&
    (project.browsable || query.action !== 'browse') &&
    (project.archived ? archived : live) &&
    (id?.includes(project.id) ?? true) &&
    (keys?.includes(project.key) ?? true) &&
    (query.query === undefined || `${project.key} ${project.name}`.toLowerCase().includes(query.query.toLowerCase())),
  )
  found.sort((a, b) => a.key.localeCompare(b.key))
  const size = Math.min(maxResults, 100)
  return json(200, {
    startAt,
    maxResults: size,
    total: found.length,
    isLast: startAt + size >= found.length,
    values: found.slice(startAt, startAt + size).map((project) => projectJson(project.id, state)),
  })
}
