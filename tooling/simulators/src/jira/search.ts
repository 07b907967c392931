import { createHash, randomUUID } from 'node:crypto'
import { type Answer, Violation } from '../base/answer.ts'
import { failed, json } from './answer.ts'
import { CLAUSE_LIMIT, compareRows, compileJql, JqlValueError } from './jql-evaluate.ts'
import { type Condition, parseQuery, type Query } from '../base/query-language.ts'
import { issueJson, selectFields, type ServerState } from './route.ts'
import { type IndexRow, rowOf } from './search-index.ts'

/** What both deployments are asked for. */
export interface SearchInput {
  readonly jql: string
  readonly fields: readonly string[] | undefined
  readonly expand: ReadonlySet<string>
}

interface Found {
  readonly rows: readonly IndexRow[]
  readonly query: Query
  readonly problems: readonly string[]
}

/** Runs a query, or says why it can't be. What our software must never write is a violation. */
export function runQuery(jql: string, state: ServerState, reconcile: readonly string[] = []): Found | Answer {
  const { world } = state
  const problems: string[] = []
  try {
    const query = parseQuery(jql)
    if (state.cloud && query.where === undefined) {
      throw new Violation('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.')
    }
    if (query.orderBy.length > 7) throw new Violation('more than 7 fields to order by')
    const now = world.now()
    const test = compileJql(query, { world, cloud: state.cloud, zoneMinutes: state.zoneMinutes, now, closedProjects: state.quirks.closedProjects }, problems)
    const rows = new Map<string, IndexRow>()
    for (const row of world.index.rows(now, (id) => world.issues.get(id))) if (test(row) && isListed(row, state)) rows.set(row.id, row)
    for (const id of reconcile) {
      const issue = world.issues.get(id)
      if (issue === undefined || !test(rowOf(issue)) || !isListed(rowOf(issue), state)) rows.delete(id)
      else rows.set(id, rowOf(issue))
    }
    return { rows: [...rows.values()].sort(compareRows(query, world)), query, problems }
  } catch (error) {
    if (error instanceof JqlValueError) return failed(400, [error.message])
    throw error
  }
}

/** An issue that was deleted stays in the index for a while; one of an archived project is found no more. */
function isListed(row: IndexRow, { world, anonymous }: ServerState): boolean {
  const project = world.projects.get(row.projectId)
  const issue = world.issues.get(row.id)
  return !anonymous && project?.visible === true && project.browsable && !project.archived && issue?.hidden !== true && (issue === undefined || world.canSee(issue))
}

/** Writes rows; Cloud gives bare ids when no field is asked for. */
function rowWriter({ fields, expand }: SearchInput, state: ServerState): (row: IndexRow) => object {
  const bare = state.cloud && (fields === undefined || fields.every((name) => name === 'id'))
  const selected = bare ? [] : selectFields(fields, state)
  return (row) => {
    const issue = state.world.issues.get(row.id)
    if (issue === undefined || bare) return { id: row.id }
    return issueJson(issue, selected, expand, state, state.rowsFrom === 'index' ? row : undefined)
  }
}

/** A page of `/rest/api/3/search/jql`: no total, and no token on the last one. */
export function searchCloud(
  input: SearchInput & { readonly maxResults: number; readonly nextPageToken: string | undefined; readonly reconcile: readonly string[] },
  state: ServerState,
): Answer {
  const rowJson = rowWriter(input, state)
  const found = runQuery(input.jql, state, input.reconcile)
  if ('status' in found) return found
  if (found.problems[0] !== undefined && !state.anonymous) return failed(400, found.problems)
  const start = startOf(input.nextPageToken, input.jql, found, state)
  if (start === undefined) return failed(400, ['The provided next page token is invalid or expired.'])
  const asked = new Set(input.fields?.filter((name) => name !== 'id' && name !== 'key'))
  const light = asked.size <= 1 && ![...asked][0]?.startsWith('*') && input.expand.size === 0
  const cap = light ? (asked.size === 0 ? state.limits.ids : state.limits.light) : state.limits.rows
  const size = Math.min(input.maxResults, cap)
  const page = found.rows.slice(start, start + size)
  const last = page.at(-1)
  const isLast = last === undefined || start + size >= found.rows.length
  state.counters.rows += page.length
  return json(200, {
    issues: page.map(rowJson),
    ...(isLast ? {} : { nextPageToken: issueToken(input.jql, last, state) }),
    isLast,
    ...clauseWarning(found.query),
  })
}

function startOf(token: string | undefined, jql: string, { rows, query }: Found, state: ServerState): number | undefined {
  if (token === undefined) return 0
  const cursor = state.cursors.get(token)
  if (cursor === undefined || cursor.jql !== digest(jql) || state.world.now() - cursor.issuedAt > state.tokenLifetimeMs) return undefined
  const compare = compareRows(query, state.world)
  const start = rows.findIndex((row) => compare(row, cursor.after as IndexRow) > 0)
  return start === -1 ? rows.length : start
}

function issueToken(jql: string, after: IndexRow, state: ServerState): string {
  const token = Buffer.from(randomUUID()).toString('base64')
  state.cursors.set(token, { jql: digest(jql), after, issuedAt: state.world.now() })
  return token
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function clauseWarning({ where }: Query): object {
  const long = where === undefined ? undefined : longClause(where)
  if (long === undefined) return {}
  const details = { clause: long.field, limit: CLAUSE_LIMIT, actual: long.operands.length }
  return { warnings: [{ type: 'CLAUSE_LIMIT_EXCEEDED', message: 'A JQL clause exceeded its argument limit. Results may be incomplete.', details }] }
}

function longClause(condition: Condition): (Condition & { kind: 'clause' }) | undefined {
  if (condition.kind === 'clause') return condition.operands.length > CLAUSE_LIMIT ? condition : undefined
  const parts = condition.kind === 'not' ? [condition.part] : condition.parts
  return parts.map(longClause).find((part) => part !== undefined)
}

/** A page of `/rest/api/2/search`: by offset into what is there now. */
export function searchDataCenter(
  input: SearchInput & { readonly startAt: number; readonly maxResults: number; readonly strict: boolean },
  state: ServerState,
): Answer {
  const rowJson = rowWriter(input, state)
  const found = runQuery(input.jql, state)
  if ('status' in found) return found
  const { missingIds } = state.quirks
  const strict = input.strict || missingIds === 'strict'
  const told = missingIds === 'unnamed' ? found.problems.map((problem) => problem.replace(/^An issue with key '\d+'/, 'An issue')) : found.problems
  if (told[0] !== undefined && strict) return failed(400, told)
  const maxResults = Math.min(input.maxResults, state.limits.rows)
  const page = found.rows.slice(input.startAt, input.startAt + maxResults)
  state.counters.rows += page.length
  return json(200, {
    expand: 'schema,names',
    startAt: input.startAt,
    maxResults,
    total: found.rows.length,
    issues: page.map(rowJson).filter((row) => 'self' in row),
    ...(told.length === 0 || missingIds !== 'named' ? {} : { warningMessages: told }),
  })
}
