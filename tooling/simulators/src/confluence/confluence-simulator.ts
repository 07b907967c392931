import type { IncomingMessage } from 'node:http'
import { type Answer, basicAuth, html, json, NEVER, Violation } from '../base/answer.ts'
import { parsedJson, RouteTable } from '../base/route-table.ts'
import { type Call, type RoutedCall, SimulatedServer } from '../base/simulated-server.ts'
import { MISSING_SCOPE, refusedV1, refusedV2 } from './answer.ts'
import { BrokenAnswer, BrokenPages } from './broken-pages.ts'
import { datacenterRoutes } from './datacenter-routes.ts'
import type { OwnFault } from './faults.ts'
import type { ConfluenceSimulatorOptions } from './quirks.ts'
import { RateWindow } from './rate-window.ts'
import { Cursors, type Route, type Site } from './site.ts'
import { v1Routes } from './v1-routes.ts'
import { v2Routes } from './v2-routes.ts'
import { ConfluenceWorld } from './confluence-world.ts'

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
