import { Violation } from './answer.ts'

// What JQL and CQL have in common: clauses of a field, an operator and values, joined by AND, OR, NOT and brackets, and
// an order. Fields and what their values mean are each server's own.

/** A query that cannot be read, or asks for what the simulator does not know. */
export class QueryError extends Violation {}

/** A value in a query: quoted ones differ from bare ones where dates are meant. */
export interface Operand {
  readonly text: string
  readonly quoted: boolean
  /** Of a function, as in `now("-1d")`. */
  readonly args?: readonly string[]
}

export type Operator = '=' | '!=' | '>=' | '>' | '<=' | '<' | 'in' | 'not in' | 'is' | 'is not'

export interface Clause {
  readonly kind: 'clause'
  /** In lower case. */
  readonly field: string
  readonly operator: Operator
  readonly operands: readonly Operand[]
}

export type Condition = Clause | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] } | { readonly kind: 'not'; readonly part: Condition }

export interface Query {
  /** Undefined: no restriction at all. */
  readonly where: Condition | undefined
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[]
}

/** @throws QueryError */
export function parseQuery(text: string): Query {
  return new Parser(tokensOf(text)).query()
}

/** A condition as a test, made of the tests of its clauses. */
export function testOf<Row>(condition: Condition, clauseTest: (clause: Clause) => (row: Row) => boolean): (row: Row) => boolean {
  if (condition.kind === 'clause') return clauseTest(condition)
  if (condition.kind === 'not') {
    const negated = testOf(condition.part, clauseTest)
    return (row) => !negated(row)
  }
  const tests = condition.parts.map((part) => testOf(part, clauseTest))
  return condition.kind === 'and' ? (row) => tests.every((test) => test(row)) : (row) => tests.some((test) => test(row))
}

/** A comparison of two numbers; undefined for an operator that compares nothing. */
export function comparison(operator: Operator, bound: number): ((value: number) => boolean) | undefined {
  const compare: Partial<Record<Operator, (value: number) => boolean>> = {
    '=': (value) => value === bound,
    '>=': (value) => value >= bound,
    '>': (value) => value > bound,
    '<=': (value) => value <= bound,
    '<': (value) => value < bound,
  }
  return compare[operator]
}

const DATE = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{2}))?$/
const PERIOD = /^([+-]?)(\d+)([wdhm])$/
const UNITS: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 }

/** A day, or a minute of it, in a zone that is so many minutes east of UTC. Undefined when the text is none. */
export function dateIn(text: string, zoneMinutes: number): number | undefined {
  const parts = DATE.exec(text)
  if (parts === null) return undefined
  const [, year, , month, day, hour = '0', minute = '0'] = parts
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) - zoneMinutes * 60_000
}

/** A time as far from now as `-1d` says, cut to the minute. Undefined when the text is no period. */
export function periodFrom(text: string, now: number): number | undefined {
  const [, sign, count, unit = ''] = PERIOD.exec(text) ?? []
  return count === undefined ? undefined : toMinute(now + (sign === '-' ? -1 : 1) * Number(count) * (UNITS[unit] ?? 0))
}

/** Cut to the minute. */
export function toMinute(time: number): number {
  return Math.floor(time / 60_000) * 60_000
}

interface Token extends Operand {
  readonly symbol: boolean
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(!=|>=|<=|!~|[()=<>,~!])|([^\s()=<>,~!"']+))/y

function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = []
  const text = query.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new QueryError(`Error in the query: unexpected character at ${at}: ${text.slice(at, at + 20)}`)
    const [, quoted, symbol, word] = match
    if (quoted !== undefined) tokens.push({ text: quoted.slice(1, -1).replace(/\\(.)/g, '$1'), quoted: true, symbol: false })
    else tokens.push({ text: symbol ?? word ?? '', quoted: false, symbol: symbol !== undefined })
  }
  return tokens
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  query(): Query {
    const where = this.#is('order') || this.#at >= this.#tokens.length ? undefined : this.#joined('or')
    const orderBy: { field: string; descending: boolean }[] = []
    if (this.#skip('order')) {
      this.#expect('by')
      do {
        const field = this.#next().text.toLowerCase()
        const descending = this.#skip('desc')
        if (!descending) this.#skip('asc')
        orderBy.push({ field, descending })
      } while (this.#skip(','))
    }
    if (this.#at < this.#tokens.length) throw new QueryError(`Error in the query: expecting either 'OR' or 'AND' but got '${this.#next().text}'.`)
    return { where, orderBy }
  }

  #joined(kind: 'or' | 'and'): Condition {
    const part = (): Condition => (kind === 'or' ? this.#joined('and') : this.#not())
    const first = part()
    const parts = [first]
    while (this.#skip(kind)) parts.push(part())
    return parts.length === 1 ? first : { kind, parts }
  }

  #not(): Condition {
    if (this.#skip('not') || this.#skip('!')) return { kind: 'not', part: this.#not() }
    if (!this.#skip('(')) return this.#clause()
    const inner = this.#joined('or')
    this.#expect(')')
    return inner
  }

  #clause(): Clause {
    const field = this.#next().text.toLowerCase()
    const operator = this.#operator()
    const operands = operator === 'in' || operator === 'not in' ? this.#list(() => this.#operand()) : [this.#operand()]
    return { kind: 'clause', field, operator, operands }
  }

  #operator(): Operator {
    const token = this.#next()
    const word = token.text.toLowerCase()
    if (token.symbol && ['=', '!=', '>=', '>', '<=', '<'].includes(word)) return word as Operator
    if (word === 'in') return 'in'
    if (word === 'not' && this.#skip('in')) return 'not in'
    if (word === 'is') return this.#skip('not') ? 'is not' : 'is'
    throw new QueryError(`Error in the query: expecting an operator but got '${token.text}'.`)
  }

  #operand(): Operand {
    const { text, quoted, symbol } = this.#next()
    if (symbol) throw new QueryError(`Error in the query: expecting a value but got '${text}'.`)
    return this.#is('(') ? { text, quoted, args: this.#list(() => this.#next().text) } : { text, quoted }
  }

  #list<Item>(item: () => Item): Item[] {
    this.#expect('(')
    if (this.#skip(')')) return []
    const items = [item()]
    while (this.#skip(',')) items.push(item())
    this.#expect(')')
    return items
  }

  #next(): Token {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new QueryError('Error in the query: it ends too early.')
    this.#at += 1
    return token
  }

  #is(word: string): boolean {
    const token = this.#tokens[this.#at]
    return token !== undefined && !token.quoted && token.text.toLowerCase() === word
  }

  #skip(word: string): boolean {
    const is = this.#is(word)
    if (is) this.#at += 1
    return is
  }

  #expect(word: string): void {
    if (!this.#skip(word)) throw new QueryError(`Error in the query: expecting '${word}'.`)
  }
}
