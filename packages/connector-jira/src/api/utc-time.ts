const ZONE = /([+-]\d{2})(\d{2})$/

/** Milliseconds since the epoch of a time as Jira writes it (`2026-01-31T10:00:00.000+0100`); undefined when it is none. */
export function epochOf(time: string): number | undefined {
  const parsed = Date.parse(time.replace(ZONE, '$1:$2'))
  return Number.isNaN(parsed) ? undefined : parsed
}

/** ISO 8601 in UTC; undefined for what is no time. */
export function utcOf(time: string | null | undefined): string | undefined {
  const epoch = time === null || time === undefined ? undefined : epochOf(time)
  return epoch === undefined ? undefined : new Date(epoch).toISOString()
}

/** For people: `2026-01-31 09:00 UTC`. What is no time stays as it is. */
export function readableTime(time: string): string {
  const utc = utcOf(time)
  return utc === undefined ? time : `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`
}
