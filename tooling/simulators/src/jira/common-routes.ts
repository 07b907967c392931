import { z } from 'zod'
import type { Answer } from '../base/answer.ts'
import { failed, json } from './answer.ts'
import { fieldDetails } from './fields.ts'
import { commentPage, person, projectRef, timeText } from './represent.ts'
import { countIssues, expansions, issueJson, list, NO_ISSUE, one, type Request, type Route, route, selectFields, type ServerState, whole, yesNo } from './route.ts'

const ISSUE_QUERY = z.strictObject({
  fields: list.optional(),
  expand: list.optional(),
  fieldsByKeys: yesNo.optional(),
  updateHistory: yesNo.optional(),
})
const COMMENT_QUERY = z.strictObject({
  startAt: whole.optional(),
  maxResults: whole.optional(),
  orderBy: one.pipe(z.enum(['created', '-created', '+created'])).optional(),
  expand: one.pipe(z.enum(['renderedBody'])).optional(),
})
const PERMISSION_QUERY = z.strictObject({
  permissions: list.optional(),
  projectKey: one.optional(),
  projectId: one.optional(),
  issueKey: one.optional(),
  issueId: one.optional(),
})

/** Routes that both deployments have, under `base`. */
export function commonRoutes(base: string): readonly Route[] {
  return [
    route('GET', `${base}/issue/{id}`, { query: ISSUE_QUERY }, issue),
    route('GET', `${base}/issue/{id}/comment`, { query: COMMENT_QUERY }, comments),
    route('GET', `${base}/field`, {}, ({ state }) => {
      const visible = state.world.fields.filter(({ custom }) => !custom || !state.anonymous)
      return json(200, visible.map((field) => fieldDetails(field, state.cloud)))
    }),
    route('GET', `${base}/project/{id}`, { query: z.strictObject({ expand: list.optional() }) }, project),
    route('GET', `${base}/myself`, { query: z.strictObject({ expand: list.optional() }) }, ({ state }) =>
      state.anonymous ? failed(401, ['Client must be authenticated to access this resource.']) : json(200, person(state.world.actor, state)),
    ),
    route('GET', `${base}/mypermissions`, { query: PERMISSION_QUERY }, permissions),
    route('GET', `${base}/serverInfo`, {}, ({ state }) =>
      json(200, {
        baseUrl: state.baseUrl,
        version: state.cloud ? '1001.0.0-SNAPSHOT' : '10.3.1',
        versionNumbers: state.cloud ? [1001, 0, 0] : [10, 3, 1],
        deploymentType: state.cloud ? 'Cloud' : 'Server',
        buildNumber: 100_300,
        buildDate: '2026-01-01T00:00:00.000+0000',
        serverTime: timeText(state.world.now(), state.zoneMinutes),
        serverTitle: 'Simulated Jira',
      }),
    ),
  ]
}

function issue({ state, id, query }: Request<z.output<typeof ISSUE_QUERY>>): Answer {
  const found = state.anonymous ? undefined : state.world.find(id)
  if (found === undefined) return NO_ISSUE
  const fields = selectFields(query.fields, state)
  countIssues(1, fields, state)
  return json(200, issueJson(found, fields, expansions(query.expand), state))
}

function comments({ state, id, query }: Request<z.output<typeof COMMENT_QUERY>>): Answer {
  const found = state.anonymous ? undefined : state.world.find(id)
  if (found === undefined) return NO_ISSUE
  state.counters.commentPages += 1
  const limit = Math.min(query.maxResults ?? 50, state.limits.comments)
  const issue = query.orderBy === '-created' ? { ...found, comments: found.comments.toReversed() } : found
  return json(200, commentPage(issue, query.startAt ?? 0, limit, state, query.expand !== undefined))
}

function project({ state, id }: Request): Answer {
  const found = state.anonymous ? undefined : state.world.findProject(id)
  if (found === undefined) return failed(404, [`No project could be found with key '${id}'.`])
  const own = (kind: 'versions' | 'components'): readonly object[] =>
    state.world[kind].values().filter(({ projectId }) => projectId === found.id).map(({ id: namedId, name }) => ({ id: namedId, name })).toArray()
  return json(200, { ...projectJson(found.id, state), versions: own('versions'), components: own('components') })
}

/** A project as its own routes show it. */
export function projectJson(id: string, state: ServerState): object {
  const { archived } = state.world.project(id)
  return { ...projectRef(id, state), ...(state.cloud ? { isPrivate: false, style: 'classic' } : {}), ...(archived ? { archived } : {}) }
}

function permissions({ state, query }: Request<z.output<typeof PERMISSION_QUERY>>): Answer {
  if (state.cloud && query.permissions === undefined) return failed(400, ["The 'permissions' query parameter is required."])
  const { world } = state
  const project = query.projectId ?? query.projectKey
  const issueId = query.issueId ?? query.issueKey
  if (!state.anonymous && project !== undefined && world.findProject(project) === undefined) return failed(404, [`No project could be found with key '${project}'.`])
  if (!state.anonymous && issueId !== undefined && world.find(issueId) === undefined) return NO_ISSUE
  const any = world.projects.values().some(({ visible, browsable }) => visible && browsable)
  const mayBrowse = project === undefined ? issueId !== undefined || any : world.findProject(project)?.browsable === true
  const havePermission = !state.anonymous && mayBrowse
  const rows = (query.permissions ?? ['BROWSE_PROJECTS']).map((key) => {
    return [key, { id: '10', key, name: key, type: 'PROJECT', description: '', havePermission: havePermission && key === 'BROWSE_PROJECTS' }]
  })
  return json(200, { permissions: Object.fromEntries(rows) })
}
