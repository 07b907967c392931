import type { Paint } from './paint.ts'
import { printable, printableLines } from './printable.ts'

/** The keys that every record carries; the rest are its fields. */
interface LogRecord {
  readonly level: string
  readonly time: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** One record as a line for people: time, level, message, `key=value`. Input is the JSON line that pino wrote. */
export function formatLogLine(json: string, paint: Paint): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as LogRecord
  const stacks: string[] = []
  const pairs = Object.entries(fields).map(([key, value]) => `${printable(key)}=${printable(formatValue(value, stacks))}`)
  const tint = level === 'error' ? paint.bad : level === 'warn' ? paint.warning : paint.faint
  const line = [paint.faint(time), tint(level.toUpperCase().padEnd(5)), printable(msg), ...pairs.map(paint.faint)].join(' ')
  return `${[line, ...stacks].join('\n')}\n`
}

function formatValue(value: unknown, stacks: string[]): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) ? JSON.stringify(value) : value
  if (typeof value === 'object' && value !== null && 'stack' in value && 'message' in value) {
    stacks.push(printableLines(String(value.stack)))
    return JSON.stringify(value.message)
  }
  return JSON.stringify(value) ?? 'undefined'
}
