import { setImmediate } from 'node:timers/promises'
import type { World } from '../../src/index.ts'

/** A page as the shelf shows it. Times are its own. */
export interface Row {
  readonly id: number
  readonly name: string
  readonly text: string
  readonly label: number
  /** When its text was written. */
  readonly written: number
  /** When anything of it was written. */
  readonly described: number
}

/** One page of a listing. */
export interface Rows {
  readonly rows: readonly Row[]
  /** Where the next one begins; undefined: this is the last. */
  readonly next: string | undefined
  /** Everything up to this time is shown. */
  readonly asOf: number
}

/** What the shelf answers when it does not answer. */
export class ShelfTrouble extends Error {
  readonly kind: 'down' | 'refused' | 'spoiled'

  constructor(kind: ShelfTrouble['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

const PAGE = 2
const MINUTE = 60_000
const shelves = new Map<string, Shelf>()
let made = 0

/** A source with lasting ids, pages of two rows in the order of their times, and no word about deletions: as a wiki is. */
export class Shelf implements World {
  readonly address = `shelf-${++made}`
  readonly pageSize = PAGE
  readonly secrets = ['shelf-s3cret']
  readonly config = { address: this.address, token: 'shelf-s3cret' }
  #time = Date.UTC(2026, 0, 1)
  #asOf = 0
  #ids = 0
  #pages = new Map<number, Row>()
  /** As of the last settling. */
  #shown: ReadonlyMap<number, Row> = new Map()
  #repeats = false
  #stalls = false
  readonly #spoilt = new Set<number>()
  #spared = Number.POSITIVE_INFINITY
  #failing = Number.POSITIVE_INFINITY
  #trouble: ShelfTrouble['kind'] = 'down'

  constructor() {
    shelves.set(this.address, this)
  }

  static at(address: string): Shelf {
    const shelf = shelves.get(address)
    if (!shelf) throw new Error(`there is no shelf ${address}`)
    return shelf
  }

  // What the connector asks. Each call is a request.

  /** What was described after `since`, ordered by time. `from` continues behind a page. */
  async list(since: number, from: string | undefined, signal?: AbortSignal): Promise<Rows> {
    await this.#request(signal)
    const order = (row: Row) => `${String(row.described).padStart(16, '0')}/${String(row.id).padStart(6, '0')}`
    const rest = [...this.#shown.values()].filter((row) => row.described > since && order(row) > (from ?? '')).toSorted((one, other) => (order(one) < order(other) ? -1 : 1))
    const rows = rest.slice(0, PAGE)
    const last = rows.at(-1)
    return { rows, next: rest.length > PAGE && last ? order(last) : this.#repeats ? '' : undefined, asOf: this.#asOf }
  }

  async read(id: number, signal?: AbortSignal): Promise<Row | undefined> {
    await this.#request(signal)
    if (this.#spoilt.has(id)) throw new ShelfTrouble('spoiled', `page ${id} is broken`)
    return this.#shown.get(id)
  }

  /** Those of the ids that are there. */
  async has(ids: readonly number[], signal?: AbortSignal): Promise<ReadonlySet<number>> {
    await this.#request(signal)
    return new Set(ids.filter((id) => this.#shown.has(id)))
  }

  // What the suite does.

  now(): number {
    return this.#time
  }

  documents(): ReadonlyMap<string, string> {
    return new Map([...this.#pages].map(([id, { text }]) => [String(id), text]))
  }

  write(name: string, text: string): void {
    const id = this.#find(name) ?? ++this.#ids
    this.#pages.set(id, { id, name, text, label: this.#pages.get(id)?.label ?? 0, written: this.#time, described: this.#time })
  }

  remove(name: string): void {
    const id = this.#find(name)
    if (id !== undefined) this.#pages.delete(id)
  }

  rename(from: string, to: string): void {
    this.#describe(from, { name: to })
  }

  touch(name: string): void {
    this.#describe(name, { label: this.#time })
  }

  settle(): void {
    this.#shown = new Map(this.#pages)
    this.#asOf = this.#time
    this.#time += MINUTE
  }

  fail(): void {
    this.breakOff(0)
  }

  breakOff(afterRequests: number, requests = Number.POSITIVE_INFINITY): void {
    this.#trouble = 'down'
    this.#spared = afterRequests
    this.#failing = requests
  }

  refuse(): void {
    this.#trouble = 'refused'
    this.#spared = 0
    this.#failing = Number.POSITIVE_INFINITY
  }

  repeat(): void {
    this.#repeats = true
  }

  stall(): void {
    this.#stalls = true
  }

  spoil(name: string): void {
    const id = this.#find(name)
    if (id !== undefined) this.#spoilt.add(id)
  }

  heal(): void {
    this.#spared = Number.POSITIVE_INFINITY
    this.#repeats = false
    this.#stalls = false
    this.#spoilt.clear()
  }

  dispose(): void {
    shelves.delete(this.address)
  }

  /** A request takes a turn of the event loop, as one over the wire does. */
  async #request(signal: AbortSignal | undefined): Promise<void> {
    await setImmediate()
    signal?.throwIfAborted()
    if (this.#stalls) await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    // Servers repeat what they were given.
    if (this.#spared-- <= 0 && this.#failing-- > 0) throw new ShelfTrouble(this.#trouble, `no answer to the holder of ${this.config.token}`)
  }

  #describe(name: string, change: { readonly name?: string; readonly label?: number }): void {
    const id = this.#find(name)
    const page = id === undefined ? undefined : this.#pages.get(id)
    if (id !== undefined && page) this.#pages.set(id, { ...page, ...change, described: this.#time })
  }

  #find(name: string): number | undefined {
    return [...this.#pages].find(([, page]) => page.name === name)?.[0]
  }
}
