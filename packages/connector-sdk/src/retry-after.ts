/**
 * The pause that a `Retry-After` asks for, in milliseconds; undefined when it asks for none. Seconds and dates are
 * understood (RFC 9110, 10.2.3). `serverNow` is the server's own clock, from its `Date`, so that a wrong clock on
 * either side does no harm; ours where it does not say.
 */
export function retryAfterMs(value: string | null | undefined, serverNow: number): number | undefined {
  const text = value?.trim() ?? ''
  if (text === '') return undefined
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  const until = Date.parse(text)
  return Number.isNaN(until) ? undefined : Math.max(0, until - serverNow)
}
