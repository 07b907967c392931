import { walk } from './walk.ts'
import type { ListingPage, WalkOptions } from './walk.ts'

/** Rows that are asked for again with the next page. */
const OVERLAP = 5

/** One answer of a listing by position. */
export interface PositionedPage<Item> {
  readonly items: readonly Item[]
  /** Where the next page starts; undefined at the end. */
  readonly next: number | undefined
}

/**
 * Walks a listing whose pages are cut by position. What is put away while it is walked makes later rows move up, past
 * the start of the next page, where nobody would see them. So each page starts a few rows early, and has to show one
 * of those again; else the walk starts anew. Rows that are hidden from the account are taken out of a page, so the n-th
 * that is shown stands in the n-th place or later. Where more than half are hidden, the next page starts where the
 * server says, and nothing is checked.
 *
 * Returns each item once, as it was seen last. Throws as {@link walk} does.
 */
export async function walkByPosition<Item extends { readonly id: string }>(
  load: (start: number | undefined) => Promise<PositionedPage<Item>>,
  options: WalkOptions<Item>,
): Promise<readonly Item[]> {
  let anchors: ReadonlySet<string> = new Set()
  const page = async (position: string | undefined): Promise<ListingPage<Item> | 'moved'> => {
    const start = position === undefined ? undefined : Number(position)
    const { items, next } = await load(start)
    if (start !== undefined && anchors.size > 0 && !items.some(({ id }) => anchors.has(id))) return 'moved'
    if (next === undefined) return { items, next }
    const first = start ?? 0
    const overlap = items.length * 2 < next - first ? 0 : Math.min(OVERLAP, Math.floor(items.length / 2))
    anchors = new Set(overlap === 0 ? [] : items.slice(-overlap).map(({ id }) => id))
    return { items, next: String(overlap === 0 ? next : first + items.length - overlap) }
  }
  const items = await walk(page, options)
  return [...new Map(items.map((item) => [item.id, item])).values()]
}
