import { serverTime } from '@qdrant-loader/connector-sdk'

/**
 * The pause until the quota that the server shows in its headers is filled up again, in milliseconds; undefined while
 * something of it is left, or when the headers don't say. Understood are `X-RateLimit-*` and `RateLimit-*` with
 * `Remaining` and `Reset` (seconds from now, seconds or milliseconds since the epoch, or a date, as Jira and
 * Confluence Cloud write it), and `X-RateLimit-Interval-Seconds` of Atlassian's Data Center products.
 */
export function quotaPauseMs(headers: Headers, now: number): number | undefined {
  for (const prefix of ['x-ratelimit-', 'ratelimit-']) {
    const remaining = headers.get(`${prefix}remaining`)
    if (remaining === null || remaining.trim() === '' || Number(remaining) !== 0) continue
    const reset = resetMs(headers.get(`${prefix}reset`), serverTime((name) => headers.get(name), now))
    if (reset !== undefined) return reset
    const interval = Number(headers.get(`${prefix}interval-seconds`) ?? Number.NaN)
    if (interval > 0) return interval * 1000
  }
  return undefined
}

function resetMs(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (text === '') return undefined
  if (!/^\d+(?:\.\d+)?$/.test(text)) {
    const until = Date.parse(text)
    return Number.isNaN(until) ? undefined : Math.max(0, until - now)
  }
  const number = Number(text)
  // A number too large for a pause is a time: 10^9 seconds were reached in 2001, 10^12 milliseconds too.
  if (number >= 1e12) return Math.max(0, number - now)
  if (number >= 1e9) return Math.max(0, number * 1000 - now)
  return number * 1000
}
