import type { ConfigProblem } from './config-error.ts'

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[ \t]*/
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', $: '$' }

/** What a `.env` file says. */
export interface EnvironmentFile {
  readonly values: ReadonlyMap<string, string>
  readonly problems: readonly ConfigProblem[]
}

/**
 * Parses a `.env` file: `NAME=value` a line, optionally after `export`. A value is bare (trimmed, ends at ` #`), in
 * single quotes (literal) or in double quotes (with `\n`, `\r`, `\t`, `\\`, `\"` and `\$`); quoted ones may hold line
 * breaks. Values are literal: `$NAME` in them means nothing. The last assignment of a name counts. A line that is none
 * of this is a problem, since a forgotten quote would otherwise become a wrong secret.
 */
export function parseEnvironmentFile(text: string, shown: string): EnvironmentFile {
  const values = new Map<string, string>()
  const problems: ConfigProblem[] = []
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const read = readAssignment(lines, index)
    if (typeof read === 'string') {
      problems.push({ code: 'config_env_invalid', where: `${shown}:${index + 1}:1`, message: read })
      continue
    }
    values.set(read.name, read.value)
    index = read.last
  }
  return { values, problems }
}

function readAssignment(lines: readonly string[], first: number): { name: string; value: string; last: number } | string {
  const line = lines[first] ?? ''
  const match = ASSIGNMENT.exec(line)
  // The line itself is not repeated: it may hold a secret.
  if (match === null) return 'this line is no assignment of the form NAME=value'
  const name = match[1] ?? ''
  const rest = line.slice(match[0].length)
  const quote = rest[0]
  if (quote !== '"' && quote !== "'") return { name, value: bareValue(rest), last: first }
  const body = [rest.slice(1), ...lines.slice(first + 1)].join('\n')
  const end = closingQuote(body, quote)
  if (end === -1) return `the ${quote === '"' ? 'double' : 'single'} quote that begins the value of ${name} is never closed`
  const last = first + countBreaks(body.slice(0, end))
  const after = body.slice(end + 1).split('\n', 1)[0] ?? ''
  if (!/^\s*(#.*)?$/.test(after)) return `there is text after the closing quote of ${name}`
  const raw = body.slice(0, end)
  return { name, value: quote === '"' ? unescape(raw) : raw, last }
}

function bareValue(rest: string): string {
  return (rest.startsWith('#') ? '' : (rest.split(/\s#/, 1)[0] ?? '')).trim()
}

function closingQuote(body: string, quote: string): number {
  for (let index = 0; index < body.length; index += 1) {
    if (quote === '"' && body[index] === '\\') index += 1
    else if (body[index] === quote) return index
  }
  return -1
}

function unescape(raw: string): string {
  return raw.replace(/\\([nrt\\"$])/g, (_, character: string) => ESCAPES[character] ?? character)
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1
}
