import type { AST } from '@eslint-community/regexpp'
import { RegExpParser } from '@eslint-community/regexpp'

// A plugin for oxlint. eslint-plugin-regexp finds expressions whose repeats compete with each other, and searches that
// begin with a repeat; this rule finds the third kind, of which `/<!--[^]*?-->/` is one.

/** Characters that stand for all others. */
const SAMPLE = [...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)), '\u0085', '\u00a0', 'é', 'ſ', '\u2028', '\u3000', '中', '\ufeff', '\u{1f600}']

type Chars = ReadonlySet<string>

/** One step of a way through an expression. */
interface Step {
  /** What it may consume; undefined for what consumes nothing. */
  readonly chars: Chars | undefined
  readonly min: number
  readonly endless: boolean
  readonly assertion?: AST.Assertion
  /** It may be refused whatever the character is. */
  readonly picky?: boolean
}

const MOST_WAYS = 64

/**
 * The repeat at which a search takes quadratic time, or undefined: the text before it can be matched inside of what it
 * repeats, so that each place of a long text is a new start that runs to the end and fails there.
 */
export function quadraticSearch(pattern: string, flags: string): string | undefined {
  if (flags.includes('y')) return undefined
  const parser = new RegExpParser()
  const regex = parser.parsePattern(pattern, 0, pattern.length, { unicode: flags.includes('u'), unicodeSets: flags.includes('v') })
  for (const alternative of regex.alternatives) {
    for (const way of waysOf(alternative, flags)) {
      const at = way.findIndex((step, index) => isRestarted(way, step, index, flags))
      const raw = way[at]
      if (raw !== undefined) return `the repeat of ${shown(raw.chars)}`
    }
  }
  return undefined
}

function isRestarted(way: readonly Step[], step: Step, index: number, flags: string): boolean {
  const { chars } = step
  if (!step.endless || chars === undefined) return false
  const before = way.slice(0, index)
  for (const { assertion } of before) {
    if (assertion === undefined) continue
    if (assertion.kind === 'start' && !(flags.includes('m') && chars.has('\n'))) return false
    // Not inside of a word.
    if (assertion.kind === 'word' && !assertion.negate && [...chars].every((char) => /\w/.test(char))) return false
    // Not after what is repeated: it begins only where a run of it begins.
    if (assertion.kind === 'lookbehind' && assertion.negate && covers(assertion, chars, flags)) return false
  }
  const prefix = before.filter(({ min, chars: its }) => min > 0 && its !== undefined)
  if (!prefix.every(({ chars: its }) => [...(its ?? [])].some((char) => chars.has(char)))) return false
  const after = way.slice(index + 1)
  return after.some(({ min, chars: its, assertion, picky }) => (min > 0 && its !== undefined && (picky === true || its.size < SAMPLE.length)) || (assertion !== undefined && !never(assertion)))
}

/** An assertion after a repeat that cannot fail where the repeat ended by itself. */
function never(assertion: AST.Assertion): boolean {
  return (assertion.kind === 'lookahead' || assertion.kind === 'lookbehind') && assertion.alternatives.every(({ elements }) => elements.length === 0)
}

function covers(assertion: AST.LookaroundAssertion, chars: Chars, flags: string): boolean {
  const excluded = new Set(assertion.alternatives.flatMap(({ elements }) => (elements.length === 1 && elements[0] !== undefined ? [...(charsOf(elements[0], flags) ?? [])] : [])))
  return [...chars].every((char) => excluded.has(char))
}

/** The ways through an alternative; groups are opened where there are few. */
function waysOf(alternative: AST.Alternative, flags: string): readonly (readonly Step[])[] {
  let ways: (readonly Step[])[] = [[]]
  for (const element of alternative.elements) {
    const inner = element.type === 'Group' || element.type === 'CapturingGroup' ? element.alternatives.flatMap((one) => waysOf(one, flags)) : [[stepOf(element, flags)]]
    ways = ways.flatMap((way) => inner.map((steps) => [...way, ...steps])).slice(0, MOST_WAYS)
  }
  return ways
}

function stepOf(element: AST.Element, flags: string): Step {
  if (element.type === 'Assertion') return { chars: undefined, min: 0, endless: false, assertion: element }
  if (element.type === 'Quantifier') {
    return { chars: charsOf(element.element, flags), min: element.min, endless: element.max === Number.POSITIVE_INFINITY }
  }
  return { chars: charsOf(element, flags), min: 1, endless: false, picky: element.type === 'Backreference' }
}

/** Everything that an element may consume. */
function charsOf(element: AST.Element, flags: string): Chars | undefined {
  switch (element.type) {
    case 'Assertion':
      return undefined
    case 'Group':
    case 'CapturingGroup':
      return new Set(element.alternatives.flatMap(({ elements }) => elements.flatMap((one) => [...(charsOf(one, flags) ?? [])])))
    case 'Quantifier':
      return charsOf(element.element, flags)
    case 'Backreference':
      return new Set(SAMPLE)
    default: {
      const one = new RegExp(`^${element.raw}$`, flags.replace(/[gymd]/g, ''))
      return new Set(SAMPLE.filter((char) => one.test(char)))
    }
  }
}

function shown(chars: Chars | undefined): string {
  const some = [...(chars ?? [])].filter((char) => /\S/.test(char)).slice(0, 5).join('')
  return (chars?.size ?? 0) > 100 ? 'nearly every character' : JSON.stringify(some)
}

interface LiteralNode {
  readonly regex?: { readonly pattern: string; readonly flags: string }
}

interface NewNode {
  readonly callee: { readonly type: string; readonly name?: string }
  readonly arguments: readonly { readonly type: string; readonly value?: unknown }[]
}

interface Context {
  report(problem: { readonly node: unknown; readonly message: string }): void
}

const rule = {
  meta: { type: 'problem' as const, schema: [] },
  create(context: Context) {
    const check = (node: unknown, pattern: string, flags: string): void => {
      const at = quadraticSearch(pattern, flags)
      if (at === undefined) return
      context.report({
        node,
        message: `A search for this takes quadratic time: it starts again at each place inside of ${at}. Scan with indexOf, exclude the first character from the repeat, bound it, or anchor the expression.`,
      })
    }
    return {
      Literal(node: LiteralNode) {
        if (node.regex !== undefined) check(node, node.regex.pattern, node.regex.flags)
      },
      NewExpression(node: NewNode) {
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'RegExp') return
        const [pattern, flags] = node.arguments.map(({ value }) => value)
        if (typeof pattern === 'string') check(node, pattern, typeof flags === 'string' ? flags : '')
      },
    }
  },
}

export default { meta: { name: 'linear-text' }, rules: { 'no-quadratic-search': rule } }
