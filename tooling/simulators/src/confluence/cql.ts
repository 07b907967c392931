import { toMinute, type IndexedContent } from './search-index.ts'

/** A query that this server does not understand, or that the real one refuses. */
export class CqlError extends Error {}

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

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(>=|<=|!=|!~|[=<>~(),])|([^\s"'=<>!~(),]+))/y
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
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Understands the part of CQL that is listed above; anything else is a {@link CqlError}. */
export function parseCql(text: string, surroundings: CqlSurroundings): CqlQuery {
  return new Parser(text, surroundings).query()
}

class Parser {
  readonly #tokens: Token[]
  readonly #surroundings: CqlSurroundings
  readonly #spaces: string[] = []
  #at = 0

  constructor(text: string, surroundings: CqlSurroundings) {
    this.#tokens = tokensOf(text)
    this.#surroundings = surroundings
  }

  query(): CqlQuery {
    if (this.#isWord('not')) throw new CqlError('a negative expression cannot be the first clause')
    const matches = this.#or(true)
    const order = this.#isWord('order') ? this.#order() : []
    const rest = this.#tokens[this.#at]
    if (rest !== undefined) throw new CqlError(`unexpected ${rest.text}`)
    return { matches, order, spaces: this.#spaces }
  }

  #or(first: boolean): Test {
    const parts = [this.#and(first)]
    while (this.#takeWord('or')) parts.push(this.#and(false))
    return (content) => parts.some((part) => part(content))
  }

  #and(first: boolean): Test {
    const parts = [this.#not(first)]
    while (this.#takeWord('and')) parts.push(this.#not(false))
    return (content) => parts.every((part) => part(content))
  }

  #not(first: boolean): Test {
    if (this.#takeWord('not')) {
      const negated = this.#not(false)
      return (content) => !negated(content)
    }
    if (this.#takeSymbol('(')) {
      const inner = this.#or(first)
      this.#expectSymbol(')')
      return inner
    }
    return this.#clause(first)
  }

  #clause(first: boolean): Test {
    const name = this.#next('a field').text.toLowerCase()
    const operator = this.#operator()
    if (first && (operator === '!=' || operator === 'not in')) {
      throw new CqlError('a negative expression cannot be the first clause')
    }
    const date = DATES[name]
    if (date !== undefined) return this.#compare(date, operator)
    const field = FIELDS[name]
    if (field === undefined) throw new CqlError(`no such field: ${name}`)
    if (!['=', '!=', 'in', 'not in'].includes(operator)) throw new CqlError(`${name} does not support ${operator}`)
    const values = operator.endsWith('in') ? this.#list() : [this.#next('a value').text]
    if (name.startsWith('space')) this.#spaces.push(...values)
    const wanted = new Set(values.map((value) => value.toLowerCase()))
    const test: Test = (content) => field(content).some((value) => value !== undefined && wanted.has(value.toLowerCase()))
    return operator === '=' || operator === 'in' ? test : (content) => !test(content)
  }

  #compare(date: (content: IndexedContent) => number, operator: string): Test {
    const wanted = this.#date()
    switch (operator) {
      case '=':
        return (content) => date(content) === wanted
      case '>=':
        return (content) => date(content) >= wanted
      case '>':
        return (content) => date(content) > wanted
      case '<=':
        return (content) => date(content) <= wanted
      case '<':
        return (content) => date(content) < wanted
      default:
        throw new CqlError(`dates do not support ${operator}`)
    }
  }

  /** In milliseconds. Only `now()` is free of the time zone that the client cannot know. */
  #date(): number {
    const { text, quoted } = this.#next('a date')
    if (!quoted && text.toLowerCase() === 'now') return this.#relativeDate()
    const parts = /^(\d{4})([/-])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{2}))?$/.exec(text)
    if (parts === null) throw new CqlError(`not a date: ${text}; use "yyyy/MM/dd HH:mm", "yyyy-MM-dd HH:mm" or a day alone`)
    const [, year, , month, day, hour = '0', minute = '0'] = parts
    const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
    return local - this.#surroundings.timeZoneMinutes * 60_000
  }

  #relativeDate(): number {
    this.#expectSymbol('(')
    const given = this.#takeSymbol(')') ? undefined : this.#next('an increment').text
    if (given !== undefined) this.#expectSymbol(')')
    const parts = /^([+-]?)(\d+)([mhdw])$/.exec(given ?? '+0m')
    if (parts === null) throw new CqlError(`not an increment: ${given}`)
    const [, sign, count, unit = ''] = parts
    return toMinute(this.#surroundings.now + (sign === '-' ? -1 : 1) * Number(count) * (UNITS[unit] ?? 0))
  }

  #order(): CqlQuery['order'] {
    this.#at += 1
    if (!this.#takeWord('by')) throw new CqlError('order without by')
    const order: CqlQuery['order'][number][] = []
    do {
      const field = this.#next('a field').text.toLowerCase()
      if (field !== 'created' && field !== 'lastmodified' && field !== 'title') throw new CqlError(`cannot order by ${field}`)
      const descending = this.#takeWord('desc')
      if (!descending) this.#takeWord('asc')
      order.push({ field, descending })
    } while (this.#takeSymbol(','))
    return order
  }

  #operator(): string {
    const { text } = this.#next('an operator')
    const operator = text.toLowerCase()
    if (operator !== 'not') return operator
    if (!this.#takeWord('in')) throw new CqlError('not without in')
    return 'not in'
  }

  #list(): string[] {
    this.#expectSymbol('(')
    const values = [this.#next('a value').text]
    while (this.#takeSymbol(',')) values.push(this.#next('a value').text)
    this.#expectSymbol(')')
    return values
  }

  #next(what: string): Token {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new CqlError(`the query ends where ${what} is expected`)
    this.#at += 1
    return token
  }

  #isWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    return token !== undefined && !token.quoted && token.text.toLowerCase() === word
  }

  #takeWord(word: string): boolean {
    const found = this.#isWord(word)
    if (found) this.#at += 1
    return found
  }

  #takeSymbol(symbol: string): boolean {
    return this.#takeWord(symbol)
  }

  #expectSymbol(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw new CqlError(`${symbol} expected`)
  }
}

interface Token {
  readonly text: string
  readonly quoted: boolean
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const trimmed = text.trim()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(trimmed)
    if (found === null) throw new CqlError(`cannot read the query at ${trimmed.slice(at, at + 20)}`)
    const quoted = found[1] ?? found[2]
    const plain = found[3] ?? found[4] ?? ''
    tokens.push(quoted === undefined ? { text: plain, quoted: false } : { text: quoted.replace(/\\(.)/g, '$1'), quoted: true })
  }
  if (tokens.length === 0) throw new CqlError('the query is empty')
  return tokens
}
