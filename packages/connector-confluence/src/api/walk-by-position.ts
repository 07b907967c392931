import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import type { ServerHealth } from '@qdrant-loader/http'
import { mayBeOfOne } from './may-be-of-one.ts'
import { goesInCircles, movesTooMuch, RESTARTS } from './walk.ts'

/** One answer of a listing by position. */
export interface PositionedPage<Item> {
  /** The rows that are shown. Those that are hidden from the account are left out of the rows that were looked at. */
  readonly items: readonly Item[]
  /** How many rows the server says that it looked at; undefined where it does not say. It may be wrong. */
  readonly limit: number | undefined
  /** Whether the server says that there are more. It may be wrong. */
  readonly more: boolean
}

/** How a listing is walked. */
export interface PositionWalkOptions<Item> {
  /** For messages: `the pages of DEV`. */
  readonly what: string
  /** Rows that are asked for at once. */
  readonly limit: number
  readonly load: (start: number, limit: number, retries: number | undefined) => Promise<PositionedPage<Item>>
  readonly health: ServerHealth
  readonly signal: AbortSignal
  /** The most different rows there can be, where that is known: so many ids were asked for. */
  readonly most?: number
  /**
   * Looks behind each page without a link, for a request more: some servers count on from the rows that were asked for, and
   * find that there are no more. False (default): only behind those that are as full as pages are.
   */
  readonly careful?: boolean
  /** False: a page that cannot be had is an error, and whoever asks asks for less. Default true. */
  readonly halves?: boolean
  /** Without halves: as often as that one request is tried again. */
  readonly retries?: number | undefined
  /** Told each page; true ends the walk early. */
  readonly enough?: ((items: readonly Item[]) => Promise<boolean>) | undefined
}

/** What a walk showed. */
export interface Walked<Item> {
  /** Each once, as it was seen last. */
  readonly items: readonly Item[]
  /** Positions of rows that make every answer fail that holds them, and the last error of each. */
  readonly broken: readonly { readonly position: number; readonly error: LoaderError }[]
}

/** Rows that are asked for again with the next page. */
const OVERLAP = 5
/** Rows, the last that were shown, of which one has to be seen again. */
const ANCHORS = 8
/** Rows to go on by after a page without any, while it is not known how many the server looks at. No server looks at fewer. */
const SMALLEST_WINDOW = 25
/** Servers cut at round numbers. */
const ROUND = 25
/** Where no listing has a row. */
const FAR = 1_000_000
/** Pages in a row without anything new, where links lead on for ever, that are an end. */
const SURE_END = 2
/** The same where links can be believed: so many hidden rows in a row are more than there are. */
const MOST_EMPTY = 500
/** Broken rows in a row that are the fault of the server, not theirs. */
const ALL_BROKEN = 5

/**
 * Walks a listing whose pages are cut by position, and reads every row whatever the server says about the next page.
 *
 * A page may be short for three reasons, and only evidence tells which: rows are hidden from the account, and were taken
 * out of it; the server cuts pages to fewer rows than it says; or rows that were put away made others move up. So each page
 * starts a few rows early and has to show one of the last rows again. Starting right behind as many rows as were shown is
 * always early enough. Where a page shows few rows of those that the server says it looked at, the next one starts further
 * on: when it shows one of the last rows, the others were hidden; otherwise pages are cut. When neither start shows one,
 * rows have moved, and the walk starts anew.
 *
 * The end is where the server says so, on a page that does not look cut; or, where its links lead on for ever, where nothing
 * new comes. That they do is asked once, far behind the last row.
 *
 * A page of results that cannot be had, while the server answers otherwise, is halved down to the row that is the cause,
 * and that is stepped over.
 *
 * @throws LoaderError `confluence_listing_broken`, transient, for rows that never stand still; and what `load` throws.
 */
export async function walkByPosition<Item extends { readonly id: string }>(options: PositionWalkOptions<Item>): Promise<Walked<Item>> {
  for (let restarts = 0; ; restarts += 1) {
    const walked = await new PositionWalk(options).walk()
    if (walked !== 'moved') return walked
    if (restarts === RESTARTS) throw movesTooMuch(options.what)
  }
}

/** One attempt. */
class PositionWalk<Item extends { readonly id: string }> {
  readonly #options: PositionWalkOptions<Item>
  readonly #seen = new Map<string, Item>()
  readonly #broken: { readonly position: number; readonly error: LoaderError }[] = []
  /** The row that the listing begins with, where it is shown. */
  #first: string | undefined
  #anchors: ReadonlySet<string> = new Set()
  /** The most rows of one page so far: the server looks at so many at least. */
  #largest = 0
  /** How often, of late, starting further on did not show the last rows. */
  #misses = 0
  #barren = 0
  /** No more rows are asked for at once: the server gives no more. */
  #most: number
  #brokenInARow = 0
  #endless: boolean | undefined
  /** While a row is looked for that makes answers fail: it is before this position. */
  #failsBefore: { readonly end: number; readonly size: number; readonly timedOut: boolean } | undefined

  constructor(options: PositionWalkOptions<Item>) {
    this.#options = options
    this.#most = options.limit
  }

  async walk(): Promise<Walked<Item> | 'moved'> {
    let start = 0
    /** Where to start when this start was further on and does not show the last rows. */
    let earlier: number | undefined
    for (;;) {
      const page = await this.#page(start)
      if (page === 'broken') {
        this.#anchors = new Set()
        earlier = undefined
        start += 1
        continue
      }
      if (this.#anchors.size > 0 && !page.items.some(({ id }) => this.#anchors.has(id))) {
        if (await this.#startsOver(page)) return this.#walked()
        if (earlier === undefined) return 'moved'
        this.#misses += 1
        start = earlier
        earlier = undefined
        continue
      }
      if (earlier !== undefined) this.#misses = 0
      if (start === 0) this.#first = page.items[0]?.id
      const fresh = this.#take(page.items)
      if (await this.#options.enough?.(page.items)) return this.#walked()
      if (await this.#isEnd(page, fresh)) return this.#walked()
      const next = this.#next(start, page, fresh)
      start = next.start
      earlier = next.earlier
    }
  }

  #walked(): Walked<Item> {
    return { items: [...this.#seen.values()], broken: this.#broken }
  }

  /** Returns how many of them are new. */
  #take(items: readonly Item[]): number {
    const before = this.#seen.size
    for (const item of items) {
      // What was seen last comes last.
      this.#seen.delete(item.id)
      this.#seen.set(item.id, item)
    }
    this.#largest = Math.max(this.#largest, items.length)
    return this.#seen.size - before
  }

  async #isEnd(page: LoadedPage<Item>, fresh: number): Promise<boolean> {
    const { most } = this.#options
    if (most !== undefined && this.#seen.size >= most) return true
    // Of a page that was asked for in part, to find a broken row, the link says the least.
    if (!page.more) return !this.#looksCut(page, fresh)
    // A part that was asked for to find a broken row may be all rows that were shown before.
    if (fresh > 0 || page.isPart) {
      this.#barren = 0
      return false
    }
    this.#barren += 1
    this.#endless ??= await this.#leadsOnForEver()
    if (this.#endless) return this.#barren >= SURE_END
    if (this.#barren > MOST_EMPTY) throw goesInCircles(this.#options.what)
    return false
  }

  /** Rows that were all seen long ago, and more to come: no rows have moved, the server goes in circles. */
  async #startsOver({ items, more }: LoadedPage<Item>): Promise<boolean> {
    if (!more || items.length === 0 || items.some(({ id }) => !this.#seen.has(id))) return false
    return (this.#endless ??= await this.#leadsOnForEver())
  }

  /** Whether there may be more behind a page without a link. Servers that cut pages count on from the rows that were asked for. */
  #looksCut({ items, size, ...page }: LoadedPage<Item>, fresh: number): boolean {
    const [shown, limit] = [items.length, page.limit ?? size]
    const cuts = limit < size
    if (this.#options.careful) return cuts || fresh > 0
    return fresh > 0 && (shown >= Math.min(limit, size) || shown % ROUND === 0 || (shown === this.#largest && this.#misses > 0))
  }

  /** Whether links mean nothing here. A server that refuses to look so far behind is believed. */
  async #leadsOnForEver(): Promise<boolean> {
    try {
      const { more, items } = await this.#options.load(FAR, SMALLEST_WINDOW, undefined)
      // Rows from the end are repeated by some servers; rows from the beginning by one that takes no notice of positions.
      if (items.some(({ id }) => id === this.#first)) throw goesInCircles(this.#options.what)
      return more || items.length > 0
    } catch (error) {
      this.#options.signal.throwIfAborted()
      if (isLoaderError(error) && error.kind !== 'transient') return false
      throw error
    }
  }

  #next(start: number, { items, limit, size, more, isPart }: LoadedPage<Item>, fresh: number): { readonly start: number; readonly earlier: number | undefined } {
    const shown = items.length
    const window = Math.min(limit ?? size, size)
    // Behind the last rows that are shown there may be hidden ones, however many.
    if (shown === 0 || (fresh === 0 && more && !isPart)) {
      this.#anchors = new Set()
      return { start: start + (isPart ? window : Math.max(this.#largest, Math.min(window, SMALLEST_WINDOW))), earlier: undefined }
    }
    // Around a row that cannot be had, parts are too small to overlap.
    const overlap = this.#failsBefore ? 0 : Math.min(OVERLAP, Math.floor(shown / 2))
    const behind = start + shown - overlap
    const further = start + window - Math.ceil((4 * window) / shown)
    const jumps = more && this.#misses < 2 && !this.#failsBefore && shown * 4 < window * 3 && further > behind
    this.#anchors = new Set((jumps ? items.slice(-ANCHORS) : items.slice(shown - overlap, shown)).map(({ id }) => id))
    return jumps ? { start: further, earlier: behind } : { start: behind, earlier: undefined }
  }

  /** Reads what can be had from a position on; `broken` when that is nothing. */
  async #page(start: number): Promise<LoadedPage<Item> | 'broken'> {
    const { health, signal, halves = true, retries } = this.#options
    if (!halves) return { ...(await this.#options.load(start, this.#most, retries)), size: this.#most, isPart: false }
    for (let first = true; ; ) {
      const whole = Math.max(1, Math.min(this.#most, health.mostAtOnce))
      const size = this.#sizeAt(start, whole)
      const loaded = await this.#load(start, size)
      if (!isLoaderError(loaded)) {
        this.#succeeded(start, size)
        // A server that cuts pages counts on from the rows that were asked for: it is asked for no more than it gives.
        if (loaded.limit !== undefined && loaded.limit < size && size === this.#most) this.#most = loaded.limit
        return { ...loaded, size, isPart: size < whole }
      }
      signal.throwIfAborted()
      await health.failed(signal, this.#failsBefore !== undefined)
      if (size === 1) {
        this.#stepOver(start, loaded)
        return 'broken'
      }
      const timedOut = loaded.code === 'http_timeout'
      // What failed once may be over; a time-out is not waited for twice.
      if (first && !timedOut && this.#failsBefore === undefined && loaded.code !== 'http_too_large') first = false
      else this.#failsBefore = { end: start + size, size, timedOut }
    }
  }

  async #load(start: number, size: number): Promise<PositionedPage<Item> | LoaderError> {
    this.#options.health.throwIfDown()
    try {
      return await this.#options.load(start, size, 0)
    } catch (error) {
      if (isLoaderError(error) && mayBeOfOne(error)) return error
      throw error
    }
  }

  /** Half of what is left of the rows that cannot be had together. After a broken row, the next one alone. */
  #sizeAt(start: number, most: number): number {
    if (this.#brokenInARow > 0) return 1
    if (this.#failsBefore === undefined || start >= this.#failsBefore.end) return most
    const { end, size, timedOut } = this.#failsBefore
    // What takes too long may be the number of rows: then the other half can be had as a whole.
    if (timedOut) return Math.min(most, Math.ceil(size / 2), end - start)
    return Math.min(most, Math.max(1, Math.ceil((end - start) / 2)))
  }

  #succeeded(start: number, size: number): void {
    const { health } = this.#options
    health.succeeded(size)
    this.#brokenInARow = 0
    if (this.#failsBefore === undefined || start + size < this.#failsBefore.end) return
    // All of it could be had in parts: it was the number of rows that took too long.
    if (this.#failsBefore.timedOut) health.tooSlow(this.#failsBefore.size)
    this.#failsBefore = undefined
  }

  #stepOver(position: number, error: LoaderError): void {
    this.#brokenInARow += 1
    this.#failsBefore = undefined
    this.#broken.push({ position, error })
    if (this.#brokenInARow >= ALL_BROKEN) throw error
  }
}

/** With the number of rows that were asked for. `isPart`: fewer than could be had otherwise. */
type LoadedPage<Item> = PositionedPage<Item> & { readonly size: number; readonly isPart: boolean }
