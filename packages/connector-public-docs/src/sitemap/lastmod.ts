const DAY_MS = 86_400_000
/** A date alone may be meant in any zone: it ends 12 hours after it has ended in UTC. */
const ZONE_MS = 12 * 3_600_000
/** A page that was just built may still come from a cache. */
const SETTLING_MS = 60_000

/**
 * The first moment (milliseconds since the epoch) from which on a page that is edited again gets another `lastmod` than
 * this one. Undefined for what is no date or too coarse. A date without a time lasts a whole day, in the last of all
 * zones; midnight sharp is what generators write that know the day only.
 */
export function lastmodSettlesAt(lastmod: string): number | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:T00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(lastmod)?.[1]
  if (day !== undefined) return settled(Date.parse(`${day}T00:00:00Z`) + DAY_MS + ZONE_MS)
  if (/^\d{4}(?:-\d{2})?$/.test(lastmod)) return undefined
  const minutes = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?:Z|[+-]\d{2}:?\d{2})?$/.test(lastmod)
  const zoned = /(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})$/i.test(lastmod)
  const parsed = Date.parse(zoned ? lastmod : `${lastmod}Z`)
  return settled(parsed + (minutes ? 60_000 : 1_000) + (zoned ? 0 : ZONE_MS))
}

function settled(end: number): number | undefined {
  return Number.isNaN(end) ? undefined : end + SETTLING_MS
}
