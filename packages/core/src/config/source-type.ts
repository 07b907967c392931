/** Other names of source types. */
export const SOURCE_TYPE_ALIASES: Readonly<Record<string, string>> = { publicdocs: 'public-docs' }

/** The type that a key under `sources` means. */
export function sourceTypeOf(written: string): string {
  return Object.hasOwn(SOURCE_TYPE_ALIASES, written) ? (SOURCE_TYPE_ALIASES[written] ?? written) : written
}
