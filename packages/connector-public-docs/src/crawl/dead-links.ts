import { createHash } from 'node:crypto'
import { packLines, unpackLines } from './packed-lines.ts'

const DAY_MS = 86_400_000
/** Days after which a dead link is asked for again: once, and then after twice as many each time. */
const FIRST_DAYS = 1
const MOST_DAYS = 30
/** More remembered links would make every cursor large. The first in the order of the crawl are remembered. */
const MOST = 10_000

interface DeadLink {
  /** When it was last asked for, in whole days since the epoch. */
  readonly day: number
  /** How often it was asked for. */
  readonly times: number
}

/**
 * Links of a site that lead to nothing and never led to a document, so that unchanged runs don't ask for each of them
 * again. They are asked for rarely (after 1, 2, 4, … 30 days), in a full run, and when a page that links to them has
 * changed.
 */
export class DeadLinks {
  readonly #before: ReadonlyMap<string, DeadLink>
  readonly #now = new Map<string, DeadLink>()
  readonly #today: number

  /** @param packed what the run before remembered; `now` in milliseconds since the epoch */
  constructor(packed: string, now: number) {
    this.#today = Math.floor(now / DAY_MS)
    this.#before = new Map((unpackLines(packed) ?? []).flatMap((line) => parsed(line)))
  }

  /** Whether a URL is known to lead to nothing, and need not be asked for today. */
  spares(url: string): boolean {
    const known = this.#before.get(keyOf(url))
    if (known === undefined) return false
    const wait = Math.min(MOST_DAYS, FIRST_DAYS * 2 ** (known.times - 1))
    // A clock that was set back asks.
    return this.#today >= known.day && this.#today - known.day < wait
  }

  /** It leads to nothing in this run; `asked` is false when that was only remembered. */
  found(url: string, asked: boolean): void {
    if (this.#now.size >= MOST) return
    const key = keyOf(url)
    const known = this.#before.get(key)
    if (!asked && known !== undefined) this.#now.set(key, known)
    else this.#now.set(key, { day: this.#today, times: Math.min((known?.times ?? 0) + 1, 10) })
  }

  /** What the next run is told. */
  packed(): string {
    return packLines([...this.#now].map(([key, { day, times }]) => `${key} ${day} ${times}`))
  }
}

function keyOf(url: string): string {
  return createHash('sha256').update(url).digest('base64url').slice(0, 12)
}

function parsed(line: string): readonly (readonly [string, DeadLink])[] {
  const [key = '', day = '', times = ''] = line.split(' ')
  return /^\d{1,7}$/.test(day) && /^\d{1,2}$/.test(times) && times !== '0' ? [[key, { day: Number(day), times: Number(times) }]] : []
}
