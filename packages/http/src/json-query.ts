/** Parameters of a query. A list gives one parameter for each of its values; undefined ones are left out. */
export type JsonQuery = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>

/** The query of a URL with its question mark, or nothing. A space is `%20`, which every server understands. */
export function queryString(query: JsonQuery | undefined): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? (value as readonly (string | number)[]) : [value]) {
      pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`)
    }
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
