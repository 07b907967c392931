/** Kinds of content that a query asks for. */
export type ContentKind = 'page' | 'blogpost' | 'comment'

/**
 * How far an incremental query looks back behind the start of the last run: CQL reads times in a zone that cannot be
 * known (-12 to +14 hours), to the minute, from an index that lags.
 */
const OVERLAP_MS = 26 * 3_600_000

/** What was modified since then, the newest first. */
export function changedSince(spaces: readonly string[], kinds: readonly ContentKind[], since: number): string {
  return `${within(spaces, kinds)} and lastmodified >= ${quoted(minute(since - OVERLAP_MS))} order by lastmodified desc`
}

/** Everything of these kinds in these spaces. */
export function within(spaces: readonly string[], kinds: readonly ContentKind[]): string {
  return `space in (${spaces.map(quoted).join(', ')}) and type in (${kinds.join(', ')})`
}

/** Content by id. */
export function withIds(ids: readonly string[]): string {
  return `id in (${ids.join(', ')})`
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

function minute(time: number): string {
  return new Date(Math.max(time, 0)).toISOString().slice(0, 16).replace('T', ' ')
}
