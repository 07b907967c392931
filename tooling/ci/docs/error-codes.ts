/** An error code as the sources have it. */
export interface ErrorCode {
  readonly code: string
  /** Usually one; several where the code depends on what happened. */
  readonly kinds: readonly string[]
  readonly meaning: string
  readonly hint: string
}

const CODE = /(?:^|[\s{(])code: (.*)$/
const KINDS: ReadonlySet<string> = new Set(['config', 'auth', 'transient', 'document', 'internal'])
const LITERAL = /'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`|"((?:\\.|[^"\\\n])*)"/g

/**
 * Finds the errors in a TypeScript source by its text: object literals with `code: '…'` and one of `kind` or `hint`.
 * It relies on the house's formatting: keys of one literal that spans lines stand at one indentation. The kind is
 * `config` where the literal leaves it to its surroundings. A text that is put together elsewhere is looked for as a
 * constant of the same name before the literal; else the comment of the function says what happened.
 */
export function errorCodesIn(source: string): readonly ErrorCode[] {
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    const expression = /^\s*(\*|\/\/|\/\*)/.test(line) ? undefined : CODE.exec(line)?.[1]
    if (expression === undefined || expression.startsWith('{')) return []
    const keys = /\{.*\bcode: /.test(line) ? keysOfLine(line) : keysOfBlock(lines, index)
    const kinds = literals(keys.get('kind') ?? '')
    if ((!keys.has('kind') && !keys.has('hint')) || kinds.some((kind) => !KINDS.has(kind))) return []
    const before = lines.slice(functionStart(lines, index), index).join('\n')
    const text = (key: string): string => sentence(keys.get(key) || key, before, source)
    const entry = {
      kinds: kinds.length === 0 ? ['config'] : kinds,
      meaning: text('message') || text('what') || text('says') || commentOf(lines, index),
      hint: text('hint'),
    }
    return literals(keys.get('code') ?? '')
      .filter((code) => /^[a-z][a-z0-9_]*$/.test(code))
      .map((code) => ({ code, ...entry }))
  })
}

/** One entry a code, ordered by code; of several places in the sources the first with a text counts. */
export function mergeCodes(codes: readonly ErrorCode[]): readonly ErrorCode[] {
  const merged = new Map<string, ErrorCode>()
  for (const found of codes) {
    const known = merged.get(found.code)
    merged.set(found.code, {
      code: found.code,
      kinds: [...new Set([...(known?.kinds ?? []), ...found.kinds])],
      meaning: known?.meaning || found.meaning,
      hint: known?.hint || found.hint,
    })
  }
  return [...merged.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

function keysOfLine(line: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  const text = line.slice(line.search(/\bcode: /))
  // A value ends where the next key begins, or with the literal.
  const parts = text.split(/,\s*(?=(?:kind|message|what|hint|cause|where|retryAfterMs)\b)/)
  for (const part of parts) {
    const [, key = '', value = ''] = /^(\w+)(?:: (.*))?/.exec(part.trim()) ?? []
    keys.set(key, value)
  }
  return keys
}

function keysOfBlock(lines: readonly string[], index: number): ReadonlyMap<string, string> {
  const indentation = indentOf(lines[index] ?? '')
  let first = index
  while (first > 0 && isInside(lines[first - 1] ?? '', indentation)) first -= 1
  let last = index
  while (last + 1 < lines.length && isInside(lines[last + 1] ?? '', indentation)) last += 1
  const keys = new Map<string, string>()
  let current = ''
  for (const line of lines.slice(first, last + 1)) {
    const match = indentOf(line) === indentation ? /^\s*(\w+)(?:,|: ?(.*))$/.exec(line) : null
    if (match !== null) current = match[1] ?? ''
    keys.set(current, `${keys.get(current) ?? ''}\n${match === null ? line : (match[2] ?? '')}`)
  }
  return keys
}

function isInside(line: string, indentation: number): boolean {
  return line.trim() !== '' && indentOf(line) >= indentation
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function literals(expression: string): readonly string[] {
  return [...expression.matchAll(LITERAL)].map(([, single, template, double]) => single ?? template ?? double ?? '')
}

/**
 * The text of an expression; what is put in at run time is `…`, and alternatives are parted by a stroke. A name stands
 * for the constant that `before`, or else the file, gives it.
 */
function sentence(expression: string, before: string, source: string): string {
  const parts = literals(expression)
    .map((literal) => literal.replaceAll(/\$\{[^}]*(\}|$)/g, '…').replaceAll(/\\(.)/g, '$1'))
    .filter((literal) => /[A-Za-z]/.test(literal))
  if (parts.length > 0) return parts.join(/\s\? /.test(expression) ? ' / ' : '')
  const name = /^\s*(\w+)[\s,})]*$/.exec(expression)?.[1]
  if (name === undefined) return ''
  const constant = new RegExp(`const ${name}(?:: [^=]+)? =(?: (.+)|\\n +(.+))`)
  const found = [...before.matchAll(new RegExp(constant, 'g'))].at(-1) ?? constant.exec(/^[A-Z_]+$/.test(name) ? source : '')
  return found === null ? '' : sentence(found[1] ?? found[2] ?? '', '', '')
}

function functionStart(lines: readonly string[], index: number): number {
  let start = index
  while (start > 0 && !/^(export )?(async )?(function|class|const) /.test(lines[start] ?? '')) start -= 1
  return start
}

/** The first sentence of the comment on the function around a line. */
function commentOf(lines: readonly string[], index: number): string {
  const before = lines.slice(0, functionStart(lines, index)).join('\n')
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before)?.[1] ?? ''
  const text = comment.replaceAll(/^\s*\*+/gm, ' ').replaceAll(/\s+/g, ' ').trim()
  return /^[^@].*?\.(?= |$)/.exec(text)?.[0] ?? ''
}
