/** Reads one header of an answer; null or undefined when it has none of that name. Names are in lower case. */
export type HeaderOf = (name: string) => string | null | undefined

/**
 * The pause that an answer asks for, in milliseconds; undefined when it asks for none. `Retry-After` may hold seconds or
 * a date (RFC 9110, 10.2.3); OpenAI's `retry-after-ms` is more exact and goes first. A date is read by
 * {@link serverTime}, so that a wrong clock on either side does no harm.
 */
export function retryAfterMs(headerOf: HeaderOf, now: number): number | undefined {
  const exact = headerOf('retry-after-ms')?.trim() ?? ''
  if (NUMBER.test(exact)) return Number(exact)
  const text = headerOf('retry-after')?.trim() ?? ''
  if (text === '') return undefined
  if (NUMBER.test(text)) return Number(text) * 1000
  const until = Date.parse(text)
  return Number.isNaN(until) ? undefined : Math.max(0, until - serverTime(headerOf, now))
}

/** The server's own clock, from its `Date`, in milliseconds since the epoch; `now`, which is ours, where it does not say. */
export function serverTime(headerOf: HeaderOf, now: number): number {
  const date = Date.parse(headerOf('date') ?? '')
  return Number.isNaN(date) ? now : date
}

/** What {@link retryAfterMs} reads, for those who keep of an answer only what they need. */
export const PAUSE_HEADERS: readonly string[] = ['retry-after', 'retry-after-ms', 'date']

const NUMBER = /^\d+(?:\.\d+)?$/
