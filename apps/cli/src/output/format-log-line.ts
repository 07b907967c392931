import type { Paint } from './paint.ts'
import { jsonForTerminals, printable, printableLines } from './printable.ts'

/** Plain data. The keys that every record carries; the rest are its fields. */
export interface LogRecord {
  readonly level: string
  /** As ISO 8601. */
  readonly time: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** One record as a line for people: time, level, message, `key=value`. */
export function formatLogLine(record: LogRecord, paint: Paint): string {
  const { level, time, msg, ...fields } = record
  const stacks: string[] = []
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${printable(key)}=${printable(formatValue(value, stacks))}`)
  const tint = level === 'error' ? paint.bad : level === 'warn' ? paint.warning : paint.faint
  const line = [paint.faint(time), tint(level.toUpperCase().padEnd(5)), printable(msg), ...pairs.map(paint.faint)].join(' ')
  return `${[line, ...stacks].join('\n')}\n`
}

/** One record as a line of JSON. */
export function logLineAsJson(record: LogRecord): string {
  return `${jsonForTerminals(asJson(record))}\n`
}

function formatValue(value: unknown, stacks: string[]): string {
  if (value instanceof Date || typeof value === 'bigint') return asJson(value).replaceAll('"', '')
  if (typeof value === 'string') return /[\s"=]/.test(value) ? JSON.stringify(value) : value
  if (typeof value === 'object' && value !== null && 'stack' in value && 'message' in value) {
    stacks.push(printableLines(String(value.stack)))
    return JSON.stringify(value.message)
  }
  return asJson(value)
}

/** Numbers that JSON has no form for are written as they look; what is no data shows as its type. */
function asJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? typeof value
}
