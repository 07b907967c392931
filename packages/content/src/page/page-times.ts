/**
 * A time of a page's metadata as ISO time in UTC; `undefined` for what is none. A time without a zone is taken as UTC,
 * so that the result does not depend on the machine.
 */
export function pageTime(value: string): string | undefined {
  const text = value.trim()
  const iso = /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?)?$/i.exec(text)
  if (iso !== null) {
    const [, year = '', month = '', day = '01', time = '00:00', zone = 'Z'] = iso
    return timeOf(`${year}-${month}-${day}T${time}${zoneOf(zone)}`)
  }
  // As in HTTP headers and mails; anything else is guesswork.
  return /^[A-Za-z]{3}, \d{1,2} [A-Za-z]{3} \d{4} [\d:]{5,8} (?:GMT|UTC|[+-]\d{4})$/.test(text) ? timeOf(text) : undefined
}

function zoneOf(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
}

function timeOf(text: string): string | undefined {
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
