import { type Clause, comparison, type Condition, dateIn, type Operand, parseQuery, periodFrom, QueryError, testOf } from '../base/query-language.ts'
import type { IndexedContent } from './search-index.ts'

/** What a query may depend on beside the indexed contents. */
export interface CqlSurroundings {
  readonly now: number
  /** The zone in which dates without a zone are read, as minutes east of UTC. A client cannot know it. */
  readonly timeZoneMinutes: number
}

/** A query, ready to be asked. */
export interface CqlQuery {
  readonly matches: (content: IndexedContent) => boolean
  /** Keys of spaces that it names. */
  readonly spaces: readonly string[]
  readonly order: readonly { readonly field: 'created' | 'lastmodified' | 'title'; readonly descending: boolean }[]
}

type Test = (content: IndexedContent) => boolean

const FIELDS: Readonly<Record<string, (content: IndexedContent) => readonly (string | undefined)[]>> = {
  type: ({ type }) => [type],
  space: ({ spaceKey }) => [spaceKey],
  'space.key': ({ spaceKey }) => [spaceKey],
  id: ({ id }) => [id],
  content: ({ id }) => [id],
  ancestor: ({ ancestors, type }) => (type === 'page' ? ancestors : []),
  parent: ({ parentId, type }) => (type === 'page' ? [parentId] : []),
  container: ({ containerId }) => [containerId],
  label: ({ labels }) => labels,
  title: ({ title }) => [title],
}
const DATES: Readonly<Record<string, (content: IndexedContent) => number>> = {
  lastmodified: ({ lastModified }) => lastModified,
  created: ({ created }) => created,
}

/** Understands the part of CQL that is listed above; anything else is a {@link QueryError}. */
export function parseCql(text: string, surroundings: CqlSurroundings): CqlQuery {
  const { where, orderBy } = parseQuery(text)
  if (where === undefined) throw new QueryError('the query is empty')
  if (beginsNegative(where)) throw new QueryError('a negative expression cannot be the first clause')
  const spaces: string[] = []
  const matches = testOf(where, (clause) => {
    if (clause.field.startsWith('space')) spaces.push(...clause.operands.map(({ text: key }) => key))
    return clauseTest(clause, surroundings)
  })
  const order = orderBy.map(({ field, descending }) => {
    if (field !== 'created' && field !== 'lastmodified' && field !== 'title') throw new QueryError(`cannot order by ${field}`)
    return { field, descending } as const
  })
  return { matches, spaces, order }
}

function beginsNegative(condition: Condition): boolean {
  if (condition.kind === 'clause') return condition.operator === '!=' || condition.operator === 'not in'
  const first = condition.kind === 'not' ? undefined : condition.parts[0]
  return first === undefined || beginsNegative(first)
}

function clauseTest({ field: name, operator, operands }: Clause, surroundings: CqlSurroundings): Test {
  const date = DATES[name]
  if (date !== undefined) {
    const compare = operands[0] && comparison(operator, dateOf(operands[0], surroundings))
    if (compare === undefined) throw new QueryError(`dates do not support ${operator}`)
    return (content) => compare(date(content))
  }
  const field = FIELDS[name]
  if (field === undefined) throw new QueryError(`no such field: ${name}`)
  if (!['=', '!=', 'in', 'not in'].includes(operator)) throw new QueryError(`${name} does not support ${operator}`)
  const wanted = new Set(operands.map(({ text }) => text.toLowerCase()))
  const negated = operator === '!=' || operator === 'not in'
  return (content) => field(content).some((value) => value !== undefined && wanted.has(value.toLowerCase())) !== negated
}

/** In milliseconds. Only `now()` is free of the time zone that the client cannot know. */
function dateOf({ text, quoted, args }: Operand, { now, timeZoneMinutes }: CqlSurroundings): number {
  const isNow = !quoted && text.toLowerCase() === 'now' && args !== undefined && args.length <= 1
  const time = isNow ? periodFrom(args[0] ?? '+0m', now) : dateIn(text, timeZoneMinutes)
  if (time === undefined) throw new QueryError(`not a date: ${text}(${args?.join() ?? ''}); use "yyyy/MM/dd HH:mm", "yyyy-MM-dd HH:mm" or a day alone`)
  return time
}
