import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, json, LOGIN_PAGE, MISSING_SCOPE, Refusal, refusedV1, refusedV2, Violation } from './answer.ts'
import { BrokenAnswer, BrokenPages } from './broken-pages.ts'
import { datacenterRoutes } from './datacenter-routes.ts'
import { FaultSchedule } from '../fault-schedule.ts'
import type { ConfluenceFault } from './faults.ts'
import { Cursors, type Exchange, type PageCaps, type PositionQuirks, type Route, type Site } from './site.ts'
import { v1Routes } from './v1-routes.ts'
import { v2Routes } from './v2-routes.ts'
import { ConfluenceWorld } from './world.ts'

/** How the simulated server is set up. */
export interface ConfluenceSimulatorOptions {
  readonly deployment: 'cloud' | 'datacenter'
  /** Default `simulated-token`. */
  readonly token?: string
  /** Of the account on Cloud; the user name on Data Center, where the token may also be its password. Default `ada@example.com`. */
  readonly email?: string
  /** Data Center only; starts with `/`, or empty for none. Default `/confluence`. */
  readonly contextPath?: string
  /** Default: any free one. */
  readonly port?: number
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
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
  /**
   * More requests in an interval of `now` are answered with 429. Default: no limit.
   * https://developer.atlassian.com/cloud/confluence/rate-limiting/ and, for Data Center,
   * https://confluence.atlassian.com/doc/_ratelimiting_httpheaders-992678779.html
   */
  readonly rateLimit?: { readonly requests: number; readonly intervalMs: number }
}

/**
 * Confluence's REST interfaces on the loopback address, as far as our software could use them. Strict: a route,
 * parameter, expansion or clause of CQL that is not known is refused with 400 and recorded in
 * {@link ConfluenceSimulator.violations}.
 */
export class ConfluenceSimulator implements AsyncDisposable {
  readonly world: ConfluenceWorld
  /** A target also names a route by a part of it. */
  readonly faults = new FaultSchedule<ConfluenceFault>((route, wanted) => route.includes(wanted))
  /** What was wrong with requests. Tests expect it to be empty. */
  readonly violations: string[] = []
  /** Requests by route, such as `GET /wiki/api/v2/pages/{id}` (on Data Center without the context path). */
  readonly requests = new Map<string, number>()
  /** How often the text of each content was sent, by content id. */
  readonly bodies = new Map<string, number>()
  /** Requests that were answered with 429 because of `rateLimit`. */
  rateLimited = 0
  /** Of `Authorization`, as received. */
  readonly credentials = new Set<string>()
  readonly cursors: Cursors
  /** The zone in which dates in CQL are read, as minutes east of UTC. May be changed at any time. */
  timeZoneMinutes = 0
  /** Pages that make answers fail. */
  readonly broken = new BrokenPages()
  /** See {@link ConfluenceSimulatorOptions.slowness}. May be changed at any time. */
  slowness: { readonly perText?: number; readonly perRow?: number }
  /** See {@link ConfluenceSimulatorOptions.usersRefused}. May be changed at any time. */
  usersRefused: 401 | 403 | undefined
  /** Called before each request is answered; tests change the world in it. */
  onRequest: ((route: string) => void) | undefined
  /** What the server takes as correct from now on. */
  token: string
  anonymousListings: boolean
  readonly #options: ConfluenceSimulatorOptions
  readonly #server: Server
  readonly #routes: readonly CompiledRoute[]
  readonly #recent: number[] = []

  private constructor(options: ConfluenceSimulatorOptions) {
    const now = options.now ?? Date.now
    this.#options = options
    this.token = options.token ?? 'simulated-token'
    this.anonymousListings = options.anonymousListings ?? false
    this.slowness = options.slowness ?? {}
    this.usersRefused = options.usersRefused
    this.world = new ConfluenceWorld({ deployment: options.deployment, now, indexLagMs: options.indexLagMs ?? 0, rewritesLinks: options.rewritesLinks ?? false })
    this.cursors = new Cursors(now, options.cursorLifetimeMs ?? 3_600_000)
    this.#routes = (options.deployment === 'cloud' ? [...v2Routes, ...v1Routes] : datacenterRoutes).map(compiled)
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.violations.push(`the simulator failed: ${String(error)}`)
        response.destroy()
      })
    })
  }

  /** Starts a server on the loopback address, without any space. */
  static async start(options: ConfluenceSimulatorOptions): Promise<ConfluenceSimulator> {
    const simulator = new ConfluenceSimulator(options)
    await new Promise<void>((resolve, reject) => {
      simulator.#server.once('error', reject)
      simulator.#server.listen(options.port ?? 0, '127.0.0.1', resolve)
    })
    return simulator
  }

  /** What goes into `base_url`, context path included. */
  get url(): string {
    return `${this.#origin}${this.#context}`
  }

  get email(): string {
    return this.#options.email ?? 'ada@example.com'
  }

  /** All requests since the start or the last {@link ConfluenceSimulator.resetCounters}. */
  get requestCount(): number {
    return this.requests.values().reduce((sum, count) => sum + count, 0)
  }

  /** All texts that were sent, comments included. */
  get bodiesServed(): number {
    return this.bodies.values().reduce((sum, count) => sum + count, 0)
  }

  /** Sets all counters to zero; data, faults and violations stay. */
  resetCounters(): void {
    this.requests.clear()
    this.bodies.clear()
    this.rateLimited = 0
    this.credentials.clear()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #origin(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  get #context(): string {
    return this.#options.deployment === 'cloud' ? '/wiki' : (this.#options.contextPath ?? '/confluence')
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    const path = request.url ?? '/'
    const { pathname, searchParams } = new URL(path, 'http://simulator')
    const found = this.#find(request.method ?? '', pathname)
    const name = found === undefined ? `${request.method} ${pathname}` : `${found.route.method} ${found.route.path}`
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1)
    this.onRequest?.(name)
    if (request.headers.authorization !== undefined) this.credentials.add(request.headers.authorization)
    const fault = this.faults.take(name)
    const answer = (): Answer => this.#answer(name, found, { path, query: searchParams, body: parseJson(body), emptyPage: fault?.kind === 'empty-page' }, request)
    this.#send(response, fault, answer)
  }

  #send(response: ServerResponse, fault: ConfluenceFault | undefined, answer: () => Answer): void {
    switch (fault?.kind) {
      case 'status': {
        const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
        return this.#write(response, { ...this.#refused(fault.status, 'simulated trouble'), headers })
      }
      case 'drop':
        response.destroy()
        return
      case 'answer':
        return this.#write(response, fault)
      case 'login-page':
        return this.#write(response, LOGIN_PAGE)
      case 'missing-scope':
        return this.#write(response, MISSING_SCOPE)
      case 'truncate': {
        const whole = answer()
        return this.#write(response, { ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) })
      }
      case 'delay': {
        const late = answer()
        if (fault.ms !== Number.POSITIVE_INFINITY) setTimeout(() => this.#write(response, late), fault.ms).unref()
        return
      }
      default:
        return this.#write(response, answer())
    }
  }

  /** How long an answer takes. */
  #takes(body: unknown, textsBefore: number): number {
    const { perText = 0, perRow = 0 } = this.slowness
    const { results } = body as { readonly results?: readonly unknown[] }
    return (this.bodiesServed - textsBefore) * perText + (results?.length ?? 0) * perRow
  }

  #write(response: ServerResponse, answer: Answer): void {
    const { afterMs = 0 } = answer
    if (afterMs === Number.POSITIVE_INFINITY) return
    if (afterMs > 0) setTimeout(() => this.#writeNow(response, answer), afterMs).unref()
    else this.#writeNow(response, answer)
  }

  #writeNow(response: ServerResponse, { status, contentType, headers, body }: Answer): void {
    response.sendDate = false
    const date = this.#options.tellsTime === false ? {} : { date: new Date(this.world.now()).toUTCString() }
    response.writeHead(status, { ...date, 'content-type': contentType, ...headers })
    response.end(body)
  }

  #find(method: string, pathname: string): Found | undefined {
    const context = this.#options.deployment === 'cloud' ? '' : this.#context
    if (!pathname.startsWith(context)) return undefined
    const path = pathname.slice(context.length)
    for (const { route, pattern } of this.#routes) {
      const match = route.method === method ? pattern.exec(path) : null
      if (match !== null) return { route, params: match.groups ?? {} }
    }
    return undefined
  }

  #answer(name: string, found: Found | undefined, given: Omit<Exchange, 'site' | 'params'>, request: IncomingMessage): Answer {
    const limited = this.#limited()
    if (limited !== undefined) return limited
    if (found === undefined) {
      this.violations.push(`unknown route ${name}`)
      return this.#refused(400, `unknown route ${name}`)
    }
    if (!this.#isAuthorized(request)) return this.#unauthorized(found.route)
    const unknown = [...given.query.keys()].find((parameter) => !found.route.query.includes(parameter))
    const texts = this.bodiesServed
    try {
      if (unknown !== undefined) throw new Violation(`unknown parameter ${unknown}`)
      const { body, headers } = found.route.answer({ ...given, params: found.params, site: this.#site() })
      return { ...json(200, body, { ...headers, ...this.#rateHeaders() }), afterMs: this.#takes(body, texts) }
    } catch (error) {
      if (error instanceof BrokenAnswer) return error.how === 'hangs' ? NEVER : this.#refused(500, error.message)
      if (error instanceof Refusal) return this.#refused(error.status, error.message)
      if (!(error instanceof Violation)) throw error
      this.violations.push(`${name}: ${error.message}`)
      return this.#refused(400, error.message)
    }
  }

  #site(): Site {
    return {
      world: this.world,
      origin: this.#origin,
      context: this.#context,
      caps: { plain: 1_000, expanded: 200, bodies: 50, v2: 250, ...this.#options.caps },
      positions: this.#options.positions ?? {},
      broken: this.broken,
      cursors: this.cursors,
      timeZoneMinutes: this.timeZoneMinutes,
      searchShowsArchived: this.#options.searchShowsArchived ?? this.#options.deployment === 'cloud',
      searchRefusesUnknownSpaces: this.#options.searchRefusesUnknownSpaces ?? false,
      getShowsTrashed: this.#options.getShowsTrashed ?? true,
      trashNeedsAdmin: this.#options.trashNeedsAdmin ?? false,
      usersRefused: this.usersRefused,
      bodyServed: (id) => void this.bodies.set(id, (this.bodies.get(id) ?? 0) + 1),
    }
  }

  #isAuthorized(request: IncomingMessage): boolean {
    const { authorization } = request.headers
    if (authorization === undefined) return this.#options.openToEverybody ?? false
    if (authorization === `Basic ${Buffer.from(`${this.email}:${this.token}`).toString('base64')}`) return true
    return this.#options.deployment === 'datacenter' && authorization === `Bearer ${this.token}`
  }

  #unauthorized(route: Route): Answer {
    const headers = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED', 'x-ausername': 'anonymous' }
    if (!this.anonymousListings) {
      const refused = { ...this.#refused(401, 'Client must be authenticated to access this resource.'), headers }
      return this.#options.deployment === 'cloud' ? refused : { ...refused, contentType: 'text/html', body: '<html><body><h1>401 Unauthorized</h1></body></html>' }
    }
    if (route.path.endsWith('/user/current')) return json(200, { type: 'anonymous', displayName: 'Anonymous', _links: {}, _expandable: {} }, headers)
    if (!route.listing) return { ...this.#refused(404, 'Nothing to see'), headers }
    return json(200, { results: [], start: 0, limit: 25, size: 0, totalSize: 0, cqlQuery: '', searchDuration: 0, _links: { base: this.url } }, headers)
  }

  #refused(status: number, message: string): Answer {
    return this.#options.deployment === 'cloud' ? refusedV2(status, message) : refusedV1(status, message)
  }

  #limited(): Answer | undefined {
    const { rateLimit } = this.#options
    if (rateLimit === undefined) return undefined
    const now = this.world.now()
    while (this.#recent[0] !== undefined && this.#recent[0] <= now - rateLimit.intervalMs) this.#recent.shift()
    if (this.#recent.length < rateLimit.requests) {
      this.#recent.push(now)
      return undefined
    }
    this.rateLimited += 1
    return { ...this.#refused(429, 'Rate limit exceeded'), headers: this.#rateHeaders(true) }
  }

  /** Cloud says when the limit is reset, to the minute, only where it refuses; Data Center tells all of it always. */
  #rateHeaders(refused = false): Record<string, string> {
    const { rateLimit, deployment } = this.#options
    if (rateLimit === undefined) return {}
    const { requests, intervalMs } = rateLimit
    const left = requests - this.#recent.length
    const now = this.world.now()
    const wait = Math.ceil(left > 0 ? 0 : ((this.#recent[0] ?? now) + intervalMs - now) / 1_000)
    const shared = { 'x-ratelimit-limit': String(requests), 'x-ratelimit-remaining': String(left) }
    if (deployment === 'datacenter') {
      const interval = String(Math.ceil(intervalMs / 1_000))
      return { ...shared, 'x-ratelimit-fillrate': String(requests), 'x-ratelimit-interval-seconds': interval, 'retry-after': String(wait) }
    }
    const near = { ...shared, 'x-ratelimit-nearlimit': String(left < requests / 5) }
    if (!refused) return near
    return { ...near, 'retry-after': String(wait), 'x-ratelimit-reset': `${new Date(now + wait * 1_000).toISOString().slice(0, 16)}Z` }
  }
}

/** An answer that never comes. */
const NEVER: Answer = { status: 200, body: '', contentType: 'application/json', afterMs: Number.POSITIVE_INFINITY }

interface Found {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

interface CompiledRoute {
  readonly route: Route
  readonly pattern: RegExp
}

function compiled(route: Route): CompiledRoute {
  // An id is a number, so that it is not taken for `search` or `scan`.
  const pattern = route.path.replace('{id}', String.raw`(?<id>(?:att)?\d+)`).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  return { route, pattern: new RegExp(`^${pattern}$`) }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString())
  } catch {
    return Number.NaN
  }
}
