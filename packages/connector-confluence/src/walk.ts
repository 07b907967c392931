import { LoaderError } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'

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
const RESTARTS = 2

/** What servers answer to a cursor that they don't know any more. */
const EXPIRED = [400, 404, 410]

/**
 * Walks a listing from its first page to the one without a next link. A walk whose cursor expires on the way, or that
 * `load` finds `moved`, starts again from its beginning; one that does not end in three attempts throws, as does one
 * that goes in circles.
 *
 * @throws LoaderError `confluence_listing_broken`, `confluence_cursor_expired`, and what `load` throws.
 */
export async function walk<Item>(
  load: (next: string | undefined) => Promise<ListingPage<Item> | 'moved'>,
  options: WalkOptions<Item>,
): Promise<readonly Item[]> {
  for (let restarts = 0; ; restarts += 1) {
    const walked = await walkOnce(load, options)
    if (typeof walked !== 'string') return walked
    if (restarts === RESTARTS) throw walked === 'moved' ? movesTooMuch(options.what) : forgetsCursors(options.what)
    options.onRestart?.()
  }
}

async function walkOnce<Item>(
  load: (next: string | undefined) => Promise<ListingPage<Item> | 'moved'>,
  { what, enough }: WalkOptions<Item>,
): Promise<readonly Item[] | 'expired' | 'moved'> {
  const items: Item[] = []
  const seen = new Set<string>()
  let next: string | undefined
  do {
    let page: ListingPage<Item> | 'moved'
    try {
      page = await load(next)
    } catch (error) {
      if (next !== undefined && EXPIRED.some((status) => isHttpStatusError(error, status))) return 'expired'
      throw error
    }
    if (page === 'moved') return page
    items.push(...page.items)
    next = page.next
    if (next !== undefined && seen.has(next)) throw goesInCircles(what)
    if (next !== undefined) seen.add(next)
    if (enough && (await enough(page.items))) return items
  } while (next !== undefined)
  return items
}

function forgetsCursors(what: string): LoaderError {
  return new LoaderError({
    code: 'confluence_cursor_expired',
    kind: 'transient',
    message: `The server forgot the cursor of its listing of ${what} three times`,
    hint: 'Run the sync again, with a higher requests_per_minute if that is set low. Nothing was deleted.',
  })
}

function movesTooMuch(what: string): LoaderError {
  return new LoaderError({
    code: 'confluence_listing_broken',
    kind: 'transient',
    message: `So much was put away during the listing of ${what} that it could not be followed, three times`,
    hint: 'Run the sync again when less is going on there. Nothing was deleted.',
  })
}

function goesInCircles(what: string): LoaderError {
  return new LoaderError({
    code: 'confluence_listing_broken',
    kind: 'transient',
    message: `The listing of ${what} leads back to a page that was read already`,
    hint: 'Run the sync again. Nothing was deleted.',
  })
}
