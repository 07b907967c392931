import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type Answer, html, Violation } from '../base/answer.ts'
import { checked, parsedJson, RouteTable } from '../base/route-table.ts'
import { type Call, type RoutedCall, type ServerOptions, SimulatedServer } from '../base/simulated-server.ts'
import { failed, ok, plain } from './answer.ts'
import type { OwnFault } from './faults.ts'
import { type QdrantCounters, type Route, routes, type ServerState } from './routes.ts'
import type { SimulatedCollection } from './simulated-collection.ts'

/** How the simulated server is set up. */
export interface QdrantSimulatorOptions extends Pick<ServerOptions, 'port'> {
  /** Default 1.19.0. Before 1.16 there is no collection metadata. */
  readonly version?: string
  /** Requests without it are refused; absent: anyone may do anything. */
  readonly apiKey?: string
  /** Path before every route, as behind a reverse proxy. */
  readonly prefix?: string
  /** Default 32 MB, as the real server's. */
  readonly maxRequestBytes?: number
  /** Refuses filters on fields without a payload index. Default true. */
  readonly strictMode?: boolean
}

type QdrantCall = Call<Route, OwnFault>

// JSON.stringify escapes surrogates only when they are lone ones.
const LONE_SURROGATE = /(?<!\\)(\\\\)*\\ud[89a-f]/
const WRITES = /^(PUT|POST) .*\/(points|points\/(batch|delete)|index)$/
const ROUTES = new RouteTable(routes)

/**
 * Qdrant's REST interface, as far as our software uses it. Strict: a route, parameter or field that is not known fails
 * the request and is recorded as a violation. Data lives in memory as long as the simulator, so that several stores can
 * look at it one after the other.
 */
export class QdrantSimulator extends SimulatedServer<Route, QdrantCounters, OwnFault> {
  /** By name. Tests may look into them and change them. */
  readonly collections = new Map<string, SimulatedCollection>()
  /** From now on the server is of this version, as after an upgrade. */
  version: string
  readonly #options: QdrantSimulatorOptions
  readonly #later: (() => unknown)[] = []

  private constructor(options: QdrantSimulatorOptions) {
    const { port, prefix, version = '1.19.0' } = options
    super({ port, prefix, routes: ROUTES, counters: { pointsUpserted: 0, payloadUpdates: 0, pointsDeleted: 0, vectorsWritten: 0, bytesFlooded: 0 } })
    this.#options = options
    this.version = version
  }

  static start(options: QdrantSimulatorOptions = {}): Promise<QdrantSimulator> {
    return new QdrantSimulator(options).listen()
  }

  protected override before(): undefined {
    for (const work of this.#later.splice(0)) work()
  }

  protected override async withFault(fault: OwnFault, call: QdrantCall): Promise<Answer | undefined> {
    switch (fault.kind) {
      case 'flood':
        return void (await this.#flood(fault, call.response))
      case 'next-offset': {
        const answer = await this.carryOut(call)
        const { result, ...rest } = JSON.parse(answer.body.toString()) as { result: object }
        return { ...answer, body: JSON.stringify({ ...rest, result: { ...result, next_page_offset: fault.offset } }) }
      }
      case 'update-status': {
        const { route } = call.seen
        if (!WRITES.test(route)) this.violations.push(`an update status was scheduled for ${route}`)
        if (fault.applied === 'later') this.#later.push(() => this.carryOut(call))
        if (fault.applied === 'now') await this.carryOut(call)
        const result = { operation_id: 1, status: fault.status }
        return ok(route.endsWith('/batch') ? [result] : result)
      }
    }
  }

  /** Outside of the prefix there is another server. */
  protected override noRoute({ url, seen }: QdrantCall): Answer {
    if (url.pathname.startsWith(this.#options.prefix ?? '')) this.violations.push(`unknown route ${seen.route}`)
    return html(404, '<html><body><h1>404 Not Found</h1></body></html>')
  }

  protected answer({ route, params, request, url, body }: RoutedCall<Route, OwnFault>): Answer {
    const away = route.guarded ? this.#keyRefused(request.headers['api-key'] ?? request.headers.authorization?.replace(/^Bearer /, '')) : undefined
    if (away !== undefined) return away
    const { maxRequestBytes: limit = 32 * 1024 * 1024 } = this.#options
    if (body.length > limit) return failed(400, `JSON payload (${body.length} bytes) is larger than allowed (limit: ${limit} bytes).`)
    checked(route.query, Object.fromEntries(url.searchParams), 'query parameters')
    // The real server refuses escapes of lone surrogates; JSON.parse does not.
    const given = checked(route.body, LONE_SURROGATE.test(body.toString()) ? Number.NaN : parsedJson(body), 'Format error in JSON body')
    const state = this.#state()
    if (!state.keepsMetadata && typeof given === 'object' && given !== null && 'metadata' in given) throw new Violation(`metadata is unknown before 1.16, and this is ${this.version}`)
    return route.answer(state, params['collection_name'] ?? '', given)
  }

  protected refused(status: number, text: string): Answer {
    return failed(status, text)
  }

  /** As fast as the client takes it, until it is done or the client has had enough. */
  async #flood({ bytes, coding, announced }: Extract<OwnFault, { kind: 'flood' }>, response: ServerResponse): Promise<void> {
    const spaces = Buffer.alloc(1_000_000, ' ')
    const piece = coding === 'gzip' ? gzipSync(spaces) : spaces
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(coding !== undefined && { 'content-encoding': coding }),
      ...(announced === true && { 'content-length': bytes }),
    })
    const closed = once(response, 'close')
    for (let sent = 0; sent < bytes && !response.destroyed; sent += spaces.length) {
      this.counters.bytesFlooded += piece.length
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), closed])
    }
    response.end()
  }

  #keyRefused(given: string | readonly string[] | undefined): Answer | undefined {
    const { apiKey } = this.#options
    if (apiKey === undefined || given === apiKey) return undefined
    return plain(401, given === undefined ? 'Must provide an API key or an Authorization bearer token' : 'Invalid API key or JWT')
  }

  #state(): ServerState {
    const { version, collections, counters } = this
    const [major = 0, minor = 0] = version.split('.').map(Number)
    return { version, keepsMetadata: major > 1 || minor >= 16, strictMode: this.#options.strictMode ?? true, collections, counters }
  }
}
