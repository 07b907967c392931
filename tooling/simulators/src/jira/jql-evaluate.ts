import type { JiraWorld } from './jira-world.ts'
import { type Clause, comparison, dateIn, type Operand, type Operator, periodFrom, type Query, QueryError, testOf } from '../base/query-language.ts'
import { ISSUE_TYPES, PRIORITIES, STATUSES } from './model.ts'
import type { IndexRow } from './search-index.ts'
import type { NameKind } from './shown-names.ts'

/** What a query is read with. */
export interface JqlSurroundings {
  readonly world: JiraWorld
  readonly cloud: boolean
  /** Minutes by which the user's zone is ahead of UTC. Quoted dates are in it. */
  readonly zoneMinutes: number
  readonly now: number
  /** Whether a query may name a project that can be seen and not browsed. */
  readonly closedProjects: 'refused' | 'empty'
}

/** A query that can be read and asks for something that is not there. The real server answers 400 with this text. */
export class JqlValueError extends Error {}

type Test = (row: IndexRow) => boolean

const TIMES: Readonly<Record<string, 'updated' | 'created'>> = {
  updated: 'updated',
  updateddate: 'updated',
  created: 'created',
  createddate: 'created',
}
const IDS = new Set(['id', 'issue', 'issuekey', 'key'])
/** The most arguments of one clause on Cloud; more are left out, and a warning tells. */
export const CLAUSE_LIMIT = 1_000

/** Makes a test of a row; throws on what is not known. `problems` receives values that do not exist. */
export function compileJql(query: Query, from: JqlSurroundings, problems: string[]): Test {
  return query.where === undefined ? () => true : testOf(query.where, (clause) => compileClause(clause, from, problems))
}

function compileClause({ field, operator, operands }: Clause, from: JqlSurroundings, problems: string[]): Test {
  const called = operands.find(({ args }) => args !== undefined)
  if (called !== undefined) throw new QueryError(`the simulator does not know the function ${called.text}`)
  const time = TIMES[field]
  if (time !== undefined) return compileTime(time, operator, operands, from)
  if (['>=', '>', '<=', '<'].includes(operator)) throw new QueryError(`the simulator does not compare ${field} with ${operator}`)
  if (operator === 'is' || operator === 'is not') return compileEmpty(field, operator, operands)
  const negated = operator === '!=' || operator === 'not in'
  const taken = from.cloud ? operands.slice(0, CLAUSE_LIMIT) : operands
  const values = new Set(taken.map(({ text }) => valueOf(field, text, from, problems)).filter((value) => value !== undefined))
  const read = readerOf(field)
  return (row) => read(row).some((value) => values.has(value)) !== negated
}

function compileTime(time: 'updated' | 'created', operator: Operator, operands: readonly Operand[], from: JqlSurroundings): Test {
  const operand = operands[0]
  if (operand === undefined) throw new QueryError(`${time} needs a value`)
  // The index of Data Center keeps seconds.
  const grain = from.cloud ? 1 : 1_000
  const bound = Math.floor(instantOf(time, operand, from) / grain)
  const test = operator === '=' ? undefined : comparison(operator, bound)
  if (test === undefined) throw new QueryError(`the simulator does not compare ${time} with ${operator}`)
  return (row) => test(Math.floor(row[time] / grain))
}

function instantOf(field: string, { text, quoted }: Operand, { zoneMinutes, now }: JqlSurroundings): number {
  if (!quoted && /^\d+$/.test(text)) return Number(text)
  const instant = (text.startsWith('-') ? periodFrom(text, now) : undefined) ?? (quoted ? dateIn(text, zoneMinutes) : undefined)
  if (instant !== undefined) return instant
  throw new JqlValueError(
    `Date value '${text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  )
}

function compileEmpty(field: string, operator: 'is' | 'is not', operands: readonly Operand[]): Test {
  if (!/^(empty|null)$/i.test(operands[0]?.text ?? '')) throw new QueryError(`${field} ${operator} needs EMPTY`)
  const read = readerOf(field)
  return (row) => (read(row).length === 0) === (operator === 'is')
}

function readerOf(field: string): (row: IndexRow) => readonly string[] {
  const some = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value])
  if (IDS.has(field)) return ({ id }) => [id]
  switch (field) {
    case 'project':
      return ({ projectId }) => [projectId]
    case 'issuetype':
    case 'type':
      return ({ type }) => [type.toLowerCase()]
    case 'status':
      return ({ status }) => [status.toLowerCase()]
    case 'statuscategory':
      return ({ status }) => some(STATUSES[status]?.category)
    case 'priority':
      return ({ priority }) => [priority.toLowerCase()]
    case 'resolution':
      return ({ resolution }) => [(resolution ?? 'unresolved').toLowerCase()]
    case 'labels':
      return ({ labels }) => labels
    case 'assignee':
      return ({ assignee }) => some(assignee)
    case 'reporter':
      return ({ reporter }) => some(reporter)
    case 'parent':
      return ({ parent }) => some(parent)
  }
  throw new QueryError(`Field '${field}' does not exist or you do not have permission to view it.`)
}

const CATEGORIES: Readonly<Record<string, string>> = { 'to do': 'new', 'in progress': 'indeterminate', done: 'done' }

/** The value as rows carry it; a problem is told when there is none. */
function valueOf(field: string, text: string, from: JqlSurroundings, problems: string[]): string | undefined {
  const known = (value: string | undefined): string | undefined => {
    if (value === undefined) problems.push(`The value '${text}' does not exist for the field '${field}'.`)
    return value
  }
  const named = (kind: NameKind, names: Readonly<Record<string, unknown>>, id: (value: never) => string): string | undefined => {
    const shown = (name: string): string => from.world.names.of(kind, name).toLowerCase()
    const entry = Object.entries(names).find(([name, value]) => shown(name) === text.toLowerCase() || id(value as never) === text)
    return known(entry?.[0].toLowerCase())
  }
  if (IDS.has(field)) {
    const issue = from.world.find(text)
    if (issue === undefined) {
      problems.push(
        from.cloud
          ? 'Issue does not exist or you do not have permission to see it.'
          : `An issue with key '${text}' does not exist for field '${field}'.`,
      )
    }
    return issue?.id
  }
  switch (field) {
    case 'project': {
      const project = from.world.findProject(text) ?? from.world.projects.values().find(({ name, visible }) => visible && name === text)
      return known(project?.browsable === true || from.closedProjects === 'empty' ? project?.id : undefined)
    }
    case 'issuetype':
    case 'type':
      return named('issuetype', ISSUE_TYPES, ({ id }: { id: string }) => id)
    case 'status':
      return named('status', STATUSES, ({ id }: { id: string }) => id)
    case 'statuscategory':
      return known(CATEGORIES[text.toLowerCase()] ?? (Object.values(CATEGORIES).includes(text) ? text : undefined))
    case 'priority':
      return named('priority', PRIORITIES, (id: string) => id)
    case 'resolution':
      return text.toLowerCase()
    case 'parent':
      return known(from.world.find(text)?.id)
    default:
      return text
  }
}

/** Compares rows as `ORDER BY` says; the last word is the id's, so that the order is whole. */
export function compareRows(query: Query, world: JiraWorld): (a: IndexRow, b: IndexRow) => number {
  const byId = (a: IndexRow, b: IndexRow): number => Number(a.id) - Number(b.id)
  const by = query.orderBy.map(({ field, descending }) => {
    const compare = orderOf(field, world)
    return (a: IndexRow, b: IndexRow) => (descending ? -compare(a, b) : compare(a, b))
  })
  return (a, b) => by.reduce((order, compare) => order || compare(a, b), 0) || (query.orderBy.length === 0 ? -byId(a, b) : byId(a, b))
}

function orderOf(field: string, world: JiraWorld): (a: IndexRow, b: IndexRow) => number {
  const time = TIMES[field]
  if (time !== undefined) return (a, b) => a[time] - b[time]
  if (field === 'id') return (a, b) => Number(a.id) - Number(b.id)
  if (field === 'key' || field === 'issuekey' || field === 'issue') {
    const project = (row: IndexRow): string => world.project(row.projectId).key
    return (a, b) => project(a).localeCompare(project(b)) || a.number - b.number
  }
  throw new QueryError(`Not able to sort using field '${field}'.`)
}
