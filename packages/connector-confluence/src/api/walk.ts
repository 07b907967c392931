import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import { confluenceError } from '../codes.ts'

/** One page of a listing. It may be empty and still have a next one. */
export interface ListingPage<Item> {
  readonly items: readonly Item[]
  /** What leads to the next page. Its absence, and nothing else, is the end. */
  readonly next: string | undefined
}

/** How a listing is walked. */
export interface WalkOptions<Item> {
  /** For messages: `the pages of DEV`. */
  readonly what: string
  /** Told each page; true ends the walk early. */
  readonly enough?: ((items: readonly Item[]) => Promise<boolean>) | undefined
  /** Called when the walk starts again from its beginning. */
  readonly onRestart?: () => void
}

/** How often a walk starts again when its cursor has expired, or its rows have moved. */
export const RESTARTS = 2

/** Pages in a row without anything new, after which a listing does not end by itself. Hidden rows make some of them. */
const MOST_BARREN = 200

/** What servers answer to a cursor that they don't know any more. */
const EXPIRED = [400, 404, 410]

/**
 * Walks a listing from its first page to the one without a next link. A walk whose cursor expires on the way starts again
 * from its beginning; one that does not end in three attempts throws, as does one that goes in circles or leads on for
 * ever without anything new.
 *
 * @throws LoaderError `confluence_listing_broken`, `confluence_cursor_expired`, and what `load` throws.
 */
export async function walk<Item extends { readonly id: string }>(
  load: (next: string | undefined) => Promise<ListingPage<Item>>,
  options: WalkOptions<Item>,
): Promise<readonly Item[]> {
  for (let restarts = 0; ; restarts += 1) {
    const walked = await walkOnce(load, options)
    if (walked !== 'expired') return walked
    if (restarts === RESTARTS) throw confluenceError('confluence_cursor_expired', { what: options.what })
    options.onRestart?.()
  }
}

async function walkOnce<Item extends { readonly id: string }>(
  load: (next: string | undefined) => Promise<ListingPage<Item>>,
  { what, enough }: WalkOptions<Item>,
): Promise<readonly Item[] | 'expired'> {
  const items: Item[] = []
  const [links, ids] = [new Set<string>(), new Set<string>()]
  let [next, barren]: [string | undefined, number] = [undefined, 0]
  do {
    let page: ListingPage<Item>
    try {
      page = await load(next)
    } catch (error) {
      if (next !== undefined && EXPIRED.some((status) => isHttpStatusError(error, status))) return 'expired'
      throw error
    }
    items.push(...page.items)
    const before = ids.size
    for (const { id } of page.items) ids.add(id)
    barren = ids.size > before ? 0 : barren + 1
    next = page.next
    if (next !== undefined && (links.has(next) || barren > MOST_BARREN)) throw goesInCircles(what)
    if (next !== undefined) links.add(next)
    if (enough && (await enough(page.items))) return items
  } while (next !== undefined)
  return items
}

/** Rows moved during each of three attempts. */
export function movesTooMuch(what: string): LoaderError {
  return confluenceError('confluence_listing_broken/moves', { what })
}

/** A listing that does not end. */
export function goesInCircles(what: string): LoaderError {
  return confluenceError('confluence_listing_broken/circle', { what })
}
