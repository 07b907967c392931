import { z } from 'zod'
import { type Answer, Violation } from '../base/answer.ts'
import { failed } from './answer.ts'
import { fieldJson, renderedJson, INLINE_LIMIT, type Representation, api, timeText, person } from './represent.ts'
import type { Field, History, Issue } from './model.ts'

/** How many rows and issues one answer carries at most. */
export interface PageLimits {
  /** Rows of a search on Cloud that asks for ids alone. Default 5,000. */
  readonly ids: number
  /** Rows of a search on Cloud that asks for ids, keys and one field more. Default 5,000; nobody could check it. */
  readonly light: number
  /** Rows of any other search. Default 100 on Cloud, 1,000 on Data Center. */
  readonly rows: number
  readonly comments: number
  /** Histories of a `changelog/bulkfetch`. */
  readonly histories: number
}

/** What was given out. */
export interface JiraCounters {
  /** Rows of searches. */
  rows: number
  /** Issues with fields of text (but for their summary), outside searches. */
  issues: number
  /** Issues without those, outside searches. */
  heads: number
  /** Pages of comments. */
  commentPages: number
}

/** What the routes work on. */
export interface ServerState extends Representation {
  readonly limits: PageLimits
  readonly counters: JiraCounters
  /** The fields of rows are those of the index or those of the database. */
  readonly rowsFrom: 'index' | 'database'
  /** Cloud answers who gives wrong credentials as a stranger. */
  readonly anonymous: boolean
  readonly cursors: Map<string, Cursor>
  readonly tokenLifetimeMs: number
}

/** Where a paged search stands. */
export interface Cursor {
  readonly jql: string
  readonly after: unknown
  readonly issuedAt: number
}

/** A parsed request. */
export interface Request<Query = unknown, Body = unknown> {
  readonly state: ServerState
  /** The part of the path in braces. */
  readonly id: string
  readonly query: Query
  readonly body: Body
}

/** One route: what it takes and what it does. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly query: z.ZodType
  readonly body: z.ZodType
  readonly answer: (request: Request<never, never>) => Answer
}

/** Declares a route; the server validates by its schemas before it calls `answer`. */
export function route<Query extends z.ZodType, Body extends z.ZodType>(
  method: string,
  path: string,
  schemas: { readonly query?: Query; readonly body?: Body },
  answer: (request: Request<z.output<Query>, z.output<Body>>) => Answer,
): Route {
  return { method, path, query: schemas.query ?? z.strictObject({}), body: schemas.body ?? z.undefined(), answer }
}

/** A parameter that may stand several times, or hold several values between commas. */
export const list = z.array(z.string()).transform((values) => values.flatMap((value) => value.split(',')).map((value) => value.trim()))
/** A parameter that stands once. */
export const one = z.array(z.string()).length(1).transform(([value]) => value ?? '')
export const whole = one.pipe(z.string().regex(/^\d+$/)).transform(Number)
export const yesNo = one.pipe(z.enum(['true', 'false'])).transform((value) => value === 'true')

export const NO_ISSUE = failed(404, ['Issue does not exist or you do not have permission to see it.'])

/** The fields that a request names; throws on one that is not there, which the real server would leave out silently. */
export function selectFields(names: readonly string[] | undefined, state: ServerState): readonly Field[] {
  const { fields } = state.world
  if (names === undefined) return fields
  const included = names.filter((name) => !name.startsWith('-') && name !== 'id' && name !== 'key')
  const excluded = new Set(names.filter((name) => name.startsWith('-')).map((name) => name.slice(1)))
  for (const name of [...included, ...excluded]) {
    if (!name.startsWith('*') && !fields.some(({ id }) => id === name)) throw new Violation(`unknown field ${name}`)
  }
  const all = included.some((name) => name === '*all' || name === '*navigable') || (included.length === 0 && excluded.size > 0)
  return fields.filter(({ id }) => (all || included.includes(id)) && !excluded.has(id))
}

const EXPANSIONS = new Set(['renderedFields', 'names', 'schema', 'changelog', ''])

/** Checks what is to be expanded. */
export function expansions(values: readonly string[] | undefined): ReadonlySet<string> {
  const unknown = values?.find((value) => !EXPANSIONS.has(value))
  if (unknown !== undefined) throw new Violation(`the simulator does not expand ${unknown}`)
  return new Set(values)
}

/** Counts issues that are given out with these fields. */
export function countIssues(count: number, fields: readonly Field[], { counters }: ServerState): void {
  const hasText = fields.some(({ id, kind }) => kind === 'rich' || (kind === 'text' && id !== 'summary'))
  counters[hasText ? 'issues' : 'heads'] += count
}

/** An issue with the fields asked for. `updated` as the index has it where the row comes from there. */
export function issueJson(
  issue: Issue,
  fields: readonly Field[],
  expand: ReadonlySet<string>,
  state: ServerState,
  indexed?: { readonly updated: number },
): object {
  const entries = fields.map((field) => [field.id, fieldJson(field, issue, state)] as const)
  const shown = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  if (indexed !== undefined && 'updated' in shown) shown['updated'] = timeText(indexed.updated, state.zoneMinutes)
  return {
    expand: 'renderedFields,names,schema,operations,editmeta,changelog',
    id: issue.id,
    self: `${api(state)}/issue/${issue.id}`,
    key: state.world.keyOf(issue),
    ...(fields.length === 0 ? {} : { fields: shown }),
    ...(expand.has('renderedFields') ? { renderedFields: Object.fromEntries(fields.map((field) => [field.id, renderedJson(field, issue, state)])) } : {}),
    ...(expand.has('changelog') ? { changelog: inlineChangelog(issue, state) } : {}),
    ...(expand.has('names') ? { names: Object.fromEntries(fields.map(({ id, name }) => [id, name])) } : {}),
  }
}

function inlineChangelog(issue: Issue, state: ServerState): object {
  const newest = issue.history.toReversed().slice(0, INLINE_LIMIT)
  const histories = newest.map((history) => historyJson(history, timeText(history.created, state.zoneMinutes), state))
  return { startAt: 0, maxResults: INLINE_LIMIT, total: issue.history.length, histories }
}

/** A history with `created` as the route writes it. */
export function historyJson(history: History, created: string | number, state: ServerState, fieldIds?: readonly string[]): object {
  const items = history.items.filter(({ fieldId }) => fieldIds === undefined || fieldIds.includes(fieldId))
  return {
    id: history.id,
    author: person(history.author, state),
    created,
    items: items.map(({ custom, fieldId, ...item }) => ({ ...item, fieldtype: custom ? 'custom' : 'jira', ...(state.cloud ? { fieldId } : {}) })),
  }
}
