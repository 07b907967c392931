import type { Json, JsonObject } from '@qdrant-loader/connector-sdk'
import { parse as parseToml, TomlDate } from 'smol-toml'
import { parse as parseYaml } from 'yaml'

/** Front matter and what follows it. */
export interface SplitText {
  /** Undefined where the text has none. Empty where it cannot be read. */
  readonly data: JsonObject | undefined
  readonly body: string
}

/** What is longer than this (in characters) before the closing line is no front matter. */
const LONGEST = 256 * 1024
const MOST_KEYS = 50
const DEEPEST = 4
const MOST_ITEMS = 100
/** In characters, for one string and for all of the front matter in the payload. */
const LONGEST_STRING = 1_000
const LONGEST_IN_PAYLOAD = 8_000

/**
 * Cuts front matter off a text: YAML between lines of `---` (the last may be `...`), TOML between lines of `+++`, JSON
 * from a `{` on the first line to a `}` alone on a line. What lies between two thematic breaks and is no mapping is text.
 *
 * @param text line feeds only, no byte order mark
 */
export function splitFrontMatter(text: string): SplitText {
  const fence = /^(?:---|\+\+\+)[ \t]*$|^\{/.exec(text.slice(0, Math.max(0, text.indexOf('\n'))))?.[0].trim()
  const whole = { data: undefined, body: text }
  if (fence === undefined) return whole
  const closing = fence === '{' ? /^\}[ \t]*$/gm : fence === '---' ? /^(?:---|\.\.\.)[ \t]*$/gm : /^\+\+\+[ \t]*$/gm
  const start = text.indexOf('\n') + 1
  closing.lastIndex = start
  const end = closing.exec(text.slice(0, LONGEST))
  if (end === null) return whole
  const inner = fence === '{' ? text.slice(0, end.index + 1) : text.slice(start, end.index)
  const data = read(inner, fence)
  return data === undefined ? whole : { data, body: text.slice(end.index + end[0].length).replace(/^\n+/, '') }
}

function read(inner: string, fence: string): JsonObject | undefined {
  if (inner.trim() === '') return {}
  try {
    const value: unknown = fence === '{' ? JSON.parse(inner) : fence === '---' ? parseYaml(inner, { maxAliasCount: 20 }) : parseToml(inner)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (bounded(value, 1) as JsonObject) : undefined
  } catch {
    return fence === '{' || !/^[A-Za-z][\w.-]{0,60}[ \t]?[:=]/m.test(inner) ? undefined : fieldsByLine(inner, fence)
  }
}

/** Front matter with a mistake in it (a title with a colon, a tab) is still no text: what can be read alone is taken. */
function fieldsByLine(inner: string, fence: string): JsonObject {
  const mark = fence === '---' ? ':' : '='
  const fields: Record<string, Json> = {}
  for (const line of inner.split('\n')) {
    const key = /^[A-Za-z][\w.-]{0,60}/.exec(line)?.[0]
    if (key === undefined || Object.keys(fields).length >= MOST_KEYS) continue
    const rest = line.slice(key.length).trimStart()
    if (!rest.startsWith(mark)) continue
    const value = withoutQuotes(rest.slice(1).trim())
    if (value !== '') fields[key] = value === 'true' ? true : value === 'false' ? false : value.slice(0, LONGEST_STRING)
  }
  return fields
}

function withoutQuotes(value: string): string {
  const [first] = value
  return value.length > 1 && (first === '"' || first === "'") && value.endsWith(first) ? value.slice(1, -1) : value
}

/** As JSON, and no more of it than a payload should carry. */
function bounded(value: unknown, depth: number): Json {
  if (typeof value === 'string') return value.length > LONGEST_STRING ? `${value.slice(0, LONGEST_STRING).toWellFormed()}…` : value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'boolean') return value
  if (value instanceof TomlDate || value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return null
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => bounded(item, depth + 1))
  const fields = Object.entries(value).slice(0, MOST_KEYS)
  return Object.fromEntries(fields.map(([key, item]) => [key.slice(0, LONGEST_STRING), bounded(item, depth + 1)]))
}

/** The fields of front matter for the payload: without the title, which has a place of its own, and of bounded size. */
export function payloadOfFrontMatter(data: JsonObject): JsonObject | undefined {
  const kept: Record<string, Json> = {}
  let room = LONGEST_IN_PAYLOAD
  for (const [key, value] of Object.entries(data)) {
    if (key === 'title' || value === null) continue
    room -= key.length + JSON.stringify(value).length
    if (room >= 0) kept[key] = value
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}
