/** `1,204`: the same everywhere, whatever the machine's language. By hand: the first `toLocaleString` takes 14 ms. */
export function formatCount(value: number): string {
  const digits = String(Math.abs(Math.round(value)))
  const groups = [digits.slice(0, digits.length % 3), ...(digits.slice(digits.length % 3).match(/\d{3}/g) ?? [])]
  return (value <= -0.5 ? '-' : '') + groups.filter((group) => group !== '').join(',')
}

/** A duration in milliseconds in at most two units: `340 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`
  if (milliseconds < 9_950) return `${(milliseconds / 1_000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1_440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return pair(Math.floor(minutes / 1_440), 'd', Math.floor((minutes % 1_440) / 60), 'h')
}

/** Time since then: `5 min ago`; `never` without a date. */
export function formatAge(date: Date | undefined, now: number): string {
  return date === undefined ? 'never' : `${formatDuration(Math.max(0, now - date.getTime()))} ago`
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
