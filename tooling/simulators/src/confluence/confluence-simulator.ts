import type { IncomingMessage } from 'node:http'
import { type Answer, basicAuth, html, json, NEVER, Violation } from '../base/answer.ts'
import { parsedJson, RouteTable } from '../base/route-table.ts'
import { type Call, type RoutedCall, type ServerOptions, SimulatedServer } from '../base/simulated-server.ts'
import { MISSING_SCOPE, refusedV1, refusedV2 } from './answer.ts'
import { BrokenAnswer, BrokenPages } from './broken-pages.ts'
import { datacenterRoutes } from './datacenter-routes.ts'
import type { OwnFault } from './faults.ts'
import { type RateLimit, RateWindow } from './rate-window.ts'
import { Cursors, type PageCaps, type PositionQuirks, type Route, type Site } from './site.ts'
import { v1Routes } from './v1-routes.ts'
import { v2Routes } from './v2-routes.ts'
import { ConfluenceWorld } from './world.ts'

/** How the simulated server is set up. */
export interface ConfluenceSimulatorOptions extends ServerOptions {
  readonly deployment: 'cloud' | 'datacenter'
  /** Default `simulated-token`. */
  readonly token?: string
  /** Of the account on Cloud; the user name on Data Center, where the token may also be its password. Default `ada@example.com`. */
  readonly email?: string
  /** Data Center only; starts with `/`, or empty for none. Default `/confluence`. */
  readonly contextPath?: string
  /** How far the search index is behind, in milliseconds. Default 0. Changed through `world.index.lagMs`. */
  readonly indexLagMs?: number
  /**
   * Most results of one answer, whatever is asked for. Searches and all listings of Data Center: 1,000, with
   * expansions 200, with bodies 50; listings of v2: 250.
   * https://confluence.atlassian.com/confkb/1032258424.html
   */
  readonly caps?: Partial<PageCaps>
  /** How long a cursor is good for, in milliseconds of `now`. Default one hour. */
  readonly cursorLifetimeMs?: number
  /** Searches show archived pages too. Default true on Cloud. */
  readonly searchShowsArchived?: boolean
  /** A query that names a space which cannot be seen is refused as a whole, instead of finding nothing there. Default false. */
  readonly searchRefusesUnknownSpaces?: boolean
  /** `GET pages/{id}` of v2 shows a trashed page without being asked for its state. Default true. */
  readonly getShowsTrashed?: boolean
  /**
   * Data Center: the trash of a space is its administrators' business. Listing it is refused with 403, and a trashed
   * content by id is not there. Default false.
   */
  readonly trashNeedsAdmin?: boolean
  /** Wrong credentials: listings answer as to an anonymous visitor, who sees nothing. Default false: 401 everywhere. */
  readonly anonymousListings?: boolean
  /** Requests without any credential see everything, as on a site that is open to everybody. Default false. */
  readonly openToEverybody?: boolean
  /** Data Center: how answers speak of the positions at which they are cut. */
  readonly positions?: PositionQuirks
  /** Looking people up is refused with this status, as to a token without that scope. Default: it is allowed. */
  readonly usersRefused?: 401 | 403
  /** An answer takes so many milliseconds for each text in it, and for each row of a listing of v2 or Data Center. Default 0. */
  readonly slowness?: { readonly perText?: number; readonly perRow?: number }
  /** See {@link ConfluenceWorld.rewritesLinks}. Default false. */
  readonly rewritesLinks?: boolean
  /** Answers carry the server's clock. Default true; proxies may take it out. */
  readonly tellsTime?: boolean
  /** Default: no limit. */
  readonly rateLimit?: RateLimit
}

// An id is a number, so that it is not taken for `search` or `scan`.
const SEGMENTS = { id: String.raw`(?:att)?\d+` }
const ROUTES = { cloud: new RouteTable([...v2Routes, ...v1Routes], SEGMENTS), datacenter: new RouteTable(datacenterRoutes, SEGMENTS) }

/**
 * Confluence's REST interfaces, as far as our software could use them. Strict: a route, parameter, expansion or clause
 * of CQL that is not known is refused with 400 and recorded as a violation. Routes are counted as
 * `GET /wiki/api/v2/pages/{id}`; on Data Center without the context path. A fault's target also names a route by a part.
 */
export class ConfluenceSimulator extends SimulatedServer<Route, { rateLimited: number }, OwnFault> {
  readonly world: ConfluenceWorld
  /** How often the text of each content was sent, by content id. */
  readonly bodies = new Map<string, number>()
  readonly cursors: Cursors
  /** The zone in which dates in CQL are read, as minutes east of UTC. May be changed at any time. */
  timeZoneMinutes = 0
  /** Pages that make answers fail. */
  readonly broken = new BrokenPages()
  /** See {@link ConfluenceSimulatorOptions.slowness}. May be changed at any time. */
  slowness: { readonly perText?: number; readonly perRow?: number }
  /** See {@link ConfluenceSimulatorOptions.usersRefused}. May be changed at any time. */
  usersRefused: 401 | 403 | undefined
  readonly email: string
  /** What the server takes as correct from now on. */
  token: string
  anonymousListings: boolean
  readonly #options: ConfluenceSimulatorOptions
  readonly #cloud: boolean
  readonly #rates: RateWindow | undefined

  private constructor(options: ConfluenceSimulatorOptions) {
    const { deployment, contextPath = '/confluence', port, now, tellsTime, rateLimit } = options
    const cloud = deployment === 'cloud'
    super({ port, now, tellsTime, routes: ROUTES[deployment], prefix: cloud ? '' : contextPath, counters: { rateLimited: 0 }, fits: (route, wanted) => route.includes(wanted) })
    this.#options = options
    this.#cloud = cloud
    this.email = options.email ?? 'ada@example.com'
    this.token = options.token ?? 'simulated-token'
    this.anonymousListings = options.anonymousListings ?? false
    this.slowness = options.slowness ?? {}
    this.usersRefused = options.usersRefused
    this.world = new ConfluenceWorld({ deployment, now: () => this.now(), indexLagMs: options.indexLagMs ?? 0, rewritesLinks: options.rewritesLinks ?? false })
    this.cursors = new Cursors(() => this.now(), options.cursorLifetimeMs ?? 3_600_000)
    this.#rates = rateLimit && new RateWindow(rateLimit, cloud, () => this.now())
  }

  /** A server without any space. */
  static start(options: ConfluenceSimulatorOptions): Promise<ConfluenceSimulator> {
    return new ConfluenceSimulator(options).listen()
  }

  /** What goes into `base_url`, context path included. */
  override get url(): string {
    return this.#cloud ? `${this.origin}/wiki` : super.url
  }

  /** Of `Authorization`, as received. */
  get credentials(): ReadonlySet<string> {
    return new Set(this.seen.map(({ headers }) => headers.authorization).filter((one) => one !== undefined))
  }

  /** All texts that were sent, comments included. */
  get bodiesServed(): number {
    return this.bodies.values().reduce((sum, count) => sum + count, 0)
  }

  override resetCounters(): void {
    super.resetCounters()
    this.bodies.clear()
  }

  protected override withFault(fault: OwnFault, call: Call<Route, OwnFault>): Answer | Promise<Answer> {
    return fault.kind === 'missing-scope' ? MISSING_SCOPE : this.carryOut(call)
  }

  protected override noRoute(call: Call<Route, OwnFault>): Answer | Promise<Answer> {
    return this.#limited() ?? super.noRoute(call)
  }

  protected answer({ request, route, params, url: { pathname, search, searchParams: query }, body, fault }: RoutedCall<Route, OwnFault>): Answer {
    const limited = this.#limited()
    if (limited !== undefined) return limited
    if (!this.#isAuthorized(request)) return this.#unauthorized(route)
    const unknown = [...query.keys()].find((parameter) => !route.query.includes(parameter))
    if (unknown !== undefined) throw new Violation(`unknown parameter ${unknown}`)
    const texts = this.bodiesServed
    try {
      const given = { path: `${pathname}${search}`, query, params, body: parsedJson(body), emptyPage: fault?.kind === 'empty-page', site: this.#site() }
      const { body: shown, headers } = route.answer(given)
      return { ...json(200, shown, { ...headers, ...this.#rates?.headers() }), afterMs: this.#takes(shown, texts) }
    } catch (error) {
      if (!(error instanceof BrokenAnswer)) throw error
      return error.how === 'hangs' ? NEVER : this.refused(500, error.message)
    }
  }

  protected refused(status: number, text: string): Answer {
    return this.#cloud ? refusedV2(status, text) : refusedV1(status, text)
  }

  /** How long an answer takes. */
  #takes(body: unknown, textsBefore: number): number {
    const { perText = 0, perRow = 0 } = this.slowness
    const { results } = body as { readonly results?: readonly unknown[] }
    return (this.bodiesServed - textsBefore) * perText + (results?.length ?? 0) * perRow
  }

  #limited(): Answer | undefined {
    if (this.#rates === undefined || this.#rates.take()) return undefined
    this.counters.rateLimited += 1
    return { ...this.refused(429, 'Rate limit exceeded'), headers: this.#rates.headers(true) }
  }

  #site(): Site {
    return {
      world: this.world,
      origin: this.origin,
      context: this.url.slice(this.origin.length),
      caps: { plain: 1_000, expanded: 200, bodies: 50, v2: 250, ...this.#options.caps },
      positions: this.#options.positions ?? {},
      broken: this.broken,
      cursors: this.cursors,
      timeZoneMinutes: this.timeZoneMinutes,
      searchShowsArchived: this.#options.searchShowsArchived ?? this.#cloud,
      searchRefusesUnknownSpaces: this.#options.searchRefusesUnknownSpaces ?? false,
      getShowsTrashed: this.#options.getShowsTrashed ?? true,
      trashNeedsAdmin: this.#options.trashNeedsAdmin ?? false,
      usersRefused: this.usersRefused,
      bodyServed: (id) => void this.bodies.set(id, (this.bodies.get(id) ?? 0) + 1),
    }
  }

  #isAuthorized({ headers: { authorization } }: IncomingMessage): boolean {
    if (authorization === undefined) return this.#options.openToEverybody ?? false
    return authorization === basicAuth(this.email, this.token) || (!this.#cloud && authorization === `Bearer ${this.token}`)
  }

  #unauthorized(route: Route): Answer {
    const headers = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED', 'x-ausername': 'anonymous' }
    if (!this.anonymousListings) {
      if (!this.#cloud) return html(401, '<html><body><h1>401 Unauthorized</h1></body></html>', headers)
      return { ...this.refused(401, 'Client must be authenticated to access this resource.'), headers }
    }
    if (route.path.endsWith('/user/current')) return json(200, { type: 'anonymous', displayName: 'Anonymous', _links: {}, _expandable: {} }, headers)
    if (!route.listing) return { ...this.refused(404, 'Nothing to see'), headers }
    return json(200, { results: [], start: 0, limit: 25, size: 0, totalSize: 0, cqlQuery: '', searchDuration: 0, _links: { base: this.url } }, headers)
  }
}
