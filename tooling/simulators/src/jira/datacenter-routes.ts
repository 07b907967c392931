import { z } from 'zod'
import { Violation } from '../base/answer.ts'
import { failed, json } from './answer.ts'
import { commonRoutes, projectJson } from './common-routes.ts'
import { expansions, list, one, type Route, route, type ServerState, whole } from './route.ts'
import { person, signInName } from './represent.ts'
import { searchDataCenter } from './search.ts'

const BASE = '/rest/api/2'
const SEARCH_QUERY = z.strictObject({
  jql: one.optional(),
  startAt: whole.optional(),
  maxResults: whole.optional(),
  validateQuery: one.pipe(z.enum(['strict', 'warn', 'none', 'true', 'false'])).optional(),
  fields: list.optional(),
  expand: list.optional(),
})
const SEARCH_BODY = z.strictObject({
  jql: z.string().optional(),
  startAt: z.int().min(0).optional(),
  maxResults: z.int().optional(),
  validateQuery: z.union([z.boolean(), z.enum(['strict', 'warn', 'none', 'true', 'false'])]).optional(),
  fields: z.array(z.string()).optional(),
  expand: z.array(z.string()).optional(),
})

/** Routes of Jira Data Center, version 2. Every other one is a violation. */
export const DATACENTER_ROUTES: readonly Route[] = [
  route('GET', `${BASE}/search`, { query: SEARCH_QUERY }, ({ state, query }) => search(query, state)),
  route('POST', `${BASE}/search`, { body: SEARCH_BODY }, ({ state, body }) => search(body, state)),
  route('GET', `${BASE}/project`, { query: z.strictObject({ expand: list.optional(), recent: whole.optional(), includeArchived: one.optional() }) }, ({ state, query }) => {
    const all = state.world.projects.values().toArray().filter(({ visible, archived }) => visible && (!archived || query.includeArchived === 'true'))
    return json(200, all.map(({ id }) => projectJson(id, state)))
  }),
  route('GET', `${BASE}/user`, { query: z.strictObject({ username: one.optional(), key: one.optional() }) }, ({ state, query }) => {
    if (query.username === undefined && query.key === undefined) throw new Violation('a user is found by `username` or `key`')
    const found = state.world.people.values().find((one) => signInName(one) === query.username || `JIRAUSER${one.id}` === query.key)
    return found === undefined ? failed(404, [`The user named '${query.username ?? query.key}' does not exist`]) : json(200, person(found.id, state))
  }),
  ...commonRoutes(BASE),
]

function search(given: z.output<typeof SEARCH_BODY>, state: ServerState) {
  const { jql = '', fields, startAt = 0, maxResults = 50, validateQuery = 'strict' } = given
  const strict = ['strict', 'true', true].includes(validateQuery)
  return searchDataCenter({ jql, fields, startAt, maxResults: maxResults < 0 ? state.limits.rows : maxResults, strict, expand: expansions(given.expand) }, state)
}
