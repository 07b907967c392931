/** A query that cannot be read. The real server answers 400 as well; ours also records it. */
export class JqlError extends Error {}

/** A value in a query: quoted ones differ from bare ones where dates are meant. */
export interface Operand {
  readonly text: string
  readonly quoted: boolean
}

export type Operator = '=' | '!=' | '>=' | '>' | '<=' | '<' | 'in' | 'not in' | 'is' | 'is not'

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'clause'; readonly field: string; readonly operator: Operator; readonly operands: readonly Operand[] }

export interface Query {
  /** Undefined: no restriction at all. */
  readonly where: Condition | undefined
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[]
}

interface Token extends Operand {
  readonly symbol: boolean
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(!=|>=|<=|!~|[()=<>,~!])|([^\s()=<>,~!"']+))/y

/** Reads a query of the part of JQL that our software and its tests use. */
export function parseJql(jql: string): Query {
  return new Parser(tokensOf(jql)).query()
}

function tokensOf(jql: string): readonly Token[] {
  const tokens: Token[] = []
  const text = jql.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new JqlError(`Error in the JQL Query: unexpected character at ${at}: ${text.slice(at, at + 20)}`)
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
    const where = this.#isWord('order') || this.#at >= this.#tokens.length ? undefined : this.#or()
    const orderBy: { field: string; descending: boolean }[] = []
    if (this.#takeWord('order')) {
      if (!this.#takeWord('by')) throw new JqlError("Error in the JQL Query: expecting 'BY' after 'ORDER'.")
      do {
        const field = this.#take().text.toLowerCase()
        const descending = this.#takeWord('desc')
        if (!descending) this.#takeWord('asc')
        orderBy.push({ field, descending })
      } while (this.#takeSymbol(','))
    }
    if (this.#at < this.#tokens.length) throw new JqlError(`Error in the JQL Query: expecting either 'OR' or 'AND' but got '${this.#take().text}'.`)
    return { where, orderBy }
  }

  #or(): Condition {
    const parts = [this.#and()]
    while (this.#takeWord('or')) parts.push(this.#and())
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'or', parts }
  }

  #and(): Condition {
    const parts = [this.#not()]
    while (this.#takeWord('and')) parts.push(this.#not())
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts }
  }

  #not(): Condition {
    if (this.#takeWord('not') || this.#takeSymbol('!')) return { kind: 'not', part: this.#not() }
    if (!this.#takeSymbol('(')) return this.#clause()
    const inner = this.#or()
    this.#expect(')')
    return inner
  }

  #clause(): Condition {
    const field = this.#take().text.toLowerCase()
    const operator = this.#operator()
    if (operator !== 'in' && operator !== 'not in') return { kind: 'clause', field, operator, operands: [this.#operand()] }
    this.#expect('(')
    const operands = [this.#operand()]
    while (this.#takeSymbol(',')) operands.push(this.#operand())
    this.#expect(')')
    return { kind: 'clause', field, operator, operands }
  }

  #operator(): Operator {
    const token = this.#take()
    const word = token.text.toLowerCase()
    if (token.symbol && ['=', '!=', '>=', '>', '<=', '<'].includes(word)) return word as Operator
    if (word === 'in') return 'in'
    if (word === 'not' && this.#takeWord('in')) return 'not in'
    if (word === 'is') return this.#takeWord('not') ? 'is not' : 'is'
    throw new JqlError(`Error in the JQL Query: expecting an operator but got '${token.text}'.`)
  }

  #operand(): Operand {
    const token = this.#take()
    if (token.symbol || this.#isSymbol('(')) throw new JqlError(`the simulator does not know the operand ${token.text}`)
    return { text: token.text, quoted: token.quoted }
  }

  #take(): Token {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new JqlError('Error in the JQL Query: the query ends too early.')
    this.#at += 1
    return token
  }

  #isWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    return token !== undefined && !token.quoted && !token.symbol && token.text.toLowerCase() === word
  }

  #isSymbol(symbol: string): boolean {
    const token = this.#tokens[this.#at]
    return token?.symbol === true && token.text === symbol
  }

  #takeWord(word: string): boolean {
    const is = this.#isWord(word)
    if (is) this.#at += 1
    return is
  }

  #takeSymbol(symbol: string): boolean {
    const is = this.#isSymbol(symbol)
    if (is) this.#at += 1
    return is
  }

  #expect(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw new JqlError(`Error in the JQL Query: expecting '${symbol}'.`)
  }
}
