import { z } from 'zod'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** The range and default of a {@link duration} key, in the form in which users write durations. */
export interface DurationOptions {
  readonly minimum: string
  readonly maximum: string
  readonly description: string
}

/**
 * Milliseconds in a duration such as `500ms`, `30s`, `5m`, `24h` or `7d`; undefined for anything else. One number and
 * one unit; a number without a unit is refused, since nobody can see whether `30` means seconds. Fractions of a
 * millisecond are rounded.
 */
export function parseDuration(text: string): number | undefined {
  const match = FORM.exec(text.trim())
  if (match === null) return undefined
  const milliseconds = Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS])
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined
}

/** The shortest form that {@link parseDuration} reads back to the same milliseconds: `90000` is `90s`, `60000` is `1m`. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (milliseconds !== 0 && milliseconds % UNITS[unit] === 0) return `${milliseconds / UNITS[unit]}${unit}`
  }
  return `${milliseconds}ms`
}

/** A key that is written as a duration and read as milliseconds. Both ends of the range are allowed. */
export function duration(options: DurationOptions) {
  const minimum = required(options.minimum)
  const maximum = required(options.maximum)
  return z
    .string()
    .transform((text, context) => {
      const milliseconds = parseDuration(text)
      if (milliseconds !== undefined && milliseconds >= minimum && milliseconds <= maximum) return milliseconds
      context.issues.push({ code: 'custom', message: complaint(milliseconds, options), input: text })
      return z.NEVER
    })
    .meta({
      description: options.description,
      pattern: '^\\s*\\d+(\\.\\d+)?(ms|s|m|h|d)\\s*$',
      'x-unit': 'duration',
      'x-minimum': options.minimum,
      'x-maximum': options.maximum,
    })
}

function complaint(milliseconds: number | undefined, options: DurationOptions): string {
  if (milliseconds === undefined) return 'must be a duration with a unit, such as 500ms, 30s, 5m, 24h or 7d'
  return `must be between ${options.minimum} and ${options.maximum}`
}

function required(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds === undefined) throw new RangeError(`${text} is not a duration`)
  return milliseconds
}
