import { randomUUID } from 'node:crypto'
import type { BrokenPages } from './broken-pages.ts'
import type { SimulatedContent } from './entities.ts'
import type { PageCaps, PositionQuirks } from './quirks.ts'
import { Refusal, Violation } from '../base/answer.ts'
import type { ConfluenceWorld } from './confluence-world.ts'

/** What the routes work on. */
export interface Site {
  readonly world: ConfluenceWorld
  /** Scheme, host and port. */
  readonly origin: string
  /** `/wiki` on Cloud, the configured context path on Data Center. */
  readonly context: string
  readonly caps: PageCaps
  readonly positions: PositionQuirks
  readonly broken: BrokenPages
  readonly cursors: Cursors
  /** The zone in which dates in CQL are read, and in which Data Center writes them, as minutes east of UTC. */
  readonly timeZoneMinutes: number
  readonly searchShowsArchived: boolean
  readonly searchRefusesUnknownSpaces: boolean
  readonly getShowsTrashed: boolean
  readonly trashNeedsAdmin: boolean
  readonly usersRefused: number | undefined
  /** Told of each text that is sent, by content id. */
  readonly bodyServed: (id: string) => void
}

/** One request on its way through a route. */
export interface Exchange {
  readonly site: Site
  /** Path and query as they came, without the origin. */
  readonly path: string
  /** Segments of the path that the route names. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
  /** The answer holds nothing and leads on: see the fault `empty-page`. */
  readonly emptyPage: boolean
}

/** One route. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** With names in braces. */
  readonly path: string
  /** The query parameters that are known; every other one is a violation. */
  readonly query: readonly string[]
  /** Listings answer with nothing where the real server takes a wrong credential for an anonymous visitor. */
  readonly listing: boolean
  readonly answer: (exchange: Exchange) => { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
}

/** Where a walk through a listing stands. */
interface Walk {
  readonly signature: string
  readonly after: string
  readonly issuedAt: number
}

/** Opaque cursors, each good for one listing with one page size, for a while. */
export class Cursors {
  lifetimeMs: number
  readonly #walks = new Map<string, Walk>()
  readonly #now: () => number

  constructor(now: () => number, lifetimeMs: number) {
    this.#now = now
    this.lifetimeMs = lifetimeMs
  }

  issue(signature: string, after: string): string {
    const cursor = Buffer.from(randomUUID()).toString('base64')
    this.#walks.set(cursor, { signature, after, issuedAt: this.#now() })
    return cursor
  }

  /** The sort key after which the listing goes on. */
  resolve(cursor: string, signature: string): string {
    const walk = this.#walks.get(cursor)
    if (walk === undefined || this.#now() - walk.issuedAt >= this.lifetimeMs) throw new Refusal(400, 'The cursor is invalid or has expired.')
    if (walk.signature !== signature) throw new Violation(`a cursor of ${walk.signature} was used for ${signature}`)
    return walk.after
  }

  /** All cursors that were issued so far have expired. */
  expire(): void {
    this.#walks.clear()
  }
}

/** A row of a listing with its place in it. */
export interface Row<Item> {
  readonly key: string
  readonly item: Item
}

/** Rows that a request gets, and the cursor that leads on. */
export interface CursorPage<Item> {
  readonly items: readonly Item[]
  readonly cursor: string | undefined
}

/** The part of a listing that a request asks for by cursor. Rows are in the order of their keys. */
export function pageByCursor<Item>(exchange: Exchange, rows: readonly Row<Item>[], limit: number): CursorPage<Item> {
  const { query, site } = exchange
  const signature = signatureOf(exchange)
  const given = query.get('cursor')
  const after = given === null ? '' : site.cursors.resolve(given, signature)
  const left = rows.filter(({ key }) => key > after)
  if (exchange.emptyPage && left.length > 0) return { items: [], cursor: site.cursors.issue(signature, after) }
  const cut = left.slice(0, limit)
  const last = cut.at(-1)
  const more = left.length > cut.length && last !== undefined
  return { items: cut.map(({ item }) => item), cursor: more ? site.cursors.issue(signature, last.key) : undefined }
}

/** The path and query of the next page. */
export function nextPath({ path, query }: Exchange, values: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(values)) next.set(name, value)
  return `${path.split('?', 1)[0]}?${next}`
}

function signatureOf({ path, query }: Exchange): string {
  const rest = [...query].filter(([name]) => name !== 'cursor').map(([name, value]) => `${name}=${value}`)
  return `${path.split('?', 1)[0]}?${rest.sort().join('&')}`
}

/** Ids in their numeric order, as a sort key. */
export function idKey(id: string): string {
  return id.replace(/^\D+/, '').padStart(15, '0')
}

/** Times as a sort key; the latest first where `descending`. */
export function timeKey(time: number, descending: boolean): string {
  return String(descending ? 9_999_999_999_999 - time : time).padStart(15, '0')
}

/** Repeated parameters and lists with commas mean the same. */
export function listOf(query: URLSearchParams, name: string): string[] {
  return query.getAll(name).flatMap((value) => value.split(',')).map((value) => value.trim()).filter((value) => value !== '')
}

/** How many results a v2 listing gives: 25, or what is asked for up to 250; more is refused. */
export function limitV2({ query, site }: Exchange): number {
  const given = query.get('limit') ?? '25'
  const limit = Number(given)
  if (!/^\d+$/.test(given) || limit < 1 || limit > 250) throw new Violation(`limit=${given} is not within 1 and 250`)
  return Math.min(limit, site.caps.v2)
}

/** A visible content of a type, or 404: what is hidden looks the same as what is not there. */
export function visible({ site }: Exchange, id: string | undefined, types: readonly string[]): SimulatedContent {
  const content = id === undefined ? undefined : site.world.contents.get(id)
  if (content === undefined || !types.includes(content.type)) throw new Refusal(404, `No content with id ${id}`)
  if (site.world.spaceOf(content).access === 'forbidden') throw new Refusal(403, 'The account may not use this space.')
  if (!site.world.isVisible(content)) throw new Refusal(404, `No content with id ${id}`)
  return content
}
