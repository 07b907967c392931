import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, html, Refusal, Violation } from './answer.ts'
import { FaultSchedule } from './fault-schedule.ts'
import { isShared, type SharedFault } from './faults.ts'
import type { RoutePath, RouteTable } from './route-table.ts'

/** No request of our software is longer, in bytes: a server that is told more refuses it and reads no further. */
const MOST_BYTES = 64 * 1024 * 1024
/** What a body that stalls shows before. */
const FIRST_BYTES = 20
/** What a slow server sends at once, in bytes. */
const CHUNK = 4_096

/** How any simulated server can be set up. */
export interface ServerOptions {
  /** Default: any free one. */
  readonly port?: number | undefined
  /** The server's clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** What a kind of server is made of. */
export interface ServerParts<Route extends RoutePath | undefined, Counters> extends ServerOptions {
  /** Left out by a server without routes of its own, such as one of files. */
  readonly routes?: RouteTable<NonNullable<Route>>
  /** Path before every route, as a reverse proxy or a context path has it. Default: none. */
  readonly prefix?: string | undefined
  /** What is counted besides requests, each at zero. */
  readonly counters: Counters
  /** Whether a route is meant by the one of a fault's target. Default: when they are the same. */
  readonly fits?: (route: string, wanted: string) => boolean
  /** Answers say how long they are. Default false: they are sent in chunks. */
  readonly announcesLength?: boolean
  /** Answers carry the server's clock. Default true; proxies may take it out. */
  readonly tellsTime?: boolean | undefined
}

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** As it is counted. */
  readonly route: string
  readonly headers: IncomingHttpHeaders
  /** When it arrived, in milliseconds of a clock that only goes forward. */
  readonly at: number
  /** Requests under way when it arrived, itself included. */
  readonly active: number
  /** It asked with a validator. */
  readonly conditional: boolean
  /** 0 when the connection was cut without an answer. */
  status: number
  /** Bytes of the body as sent. */
  bytes: number
}

/** One request on its way through a server. */
export interface Call<Route, Own> {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly body: Buffer
  /** Its route with its parameters; undefined when the server has none for it. */
  readonly route: Route | undefined
  readonly params: Readonly<Record<string, string>>
  readonly fault: SharedFault | Own | undefined
  readonly seen: SeenRequest
}

/** A request that has a route. */
export interface RoutedCall<Route, Own> extends Call<Route, Own> {
  readonly route: Route
}

/** Answers a request by hand. Undefined or false: the server answers as always. */
export type ByHand = (request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer) => boolean | undefined | Promise<boolean | undefined>

/**
 * What all simulated servers are: an HTTP server on the loopback address with a record of what it was asked, counters,
 * faults and a clock. A kind of server adds its routes, its words for a refusal, and what is its own.
 */
export abstract class SimulatedServer<Route extends RoutePath | undefined, Counters extends object, Own extends { readonly kind: string } = never> implements AsyncDisposable {
  /** What was wrong with requests. Tests expect it to be empty. */
  readonly violations: string[] = []
  /** Every request since the start or the last {@link resetCounters}. */
  readonly seen: SeenRequest[] = []
  /** Requests by route, such as `GET /spaces/{id}`; by method and path where there is no route. */
  readonly requests = new Map<string, number>()
  readonly counters: Counters
  readonly faults: FaultSchedule<SharedFault | Own>
  /** The server's clock. May be changed at any time. */
  now: () => number
  /** Called before each request is answered; tests change the world in it. */
  onRequest: ((route: string) => void) | undefined
  /** Called when an answer is made and before it is sent: people go on working while a listing is read. */
  afterAnswer: ((route: string) => void) | undefined
  /** As slow as this are bodies; undefined: as fast as it goes. */
  bytesPerSecond: number | undefined
  /** Asked before anything else of the server. */
  byHand: ByHand | undefined
  readonly #parts: ServerParts<Route, Counters>
  readonly #noneCounted: Counters
  readonly #server: Server
  #port = 0
  #active = 0

  protected constructor(parts: ServerParts<Route, Counters>) {
    this.#parts = parts
    this.#noneCounted = { ...parts.counters }
    this.counters = parts.counters
    this.faults = new FaultSchedule(parts.fits ?? ((route, wanted) => route === wanted))
    this.now = parts.now ?? Date.now
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.violations.push(`the simulator failed: ${String(error)}`)
        response.destroy()
      })
    })
  }

  /** Scheme, host and port. */
  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** What goes into a configuration, prefix included. */
  get url(): string {
    return `${this.origin}${this.#parts.prefix ?? ''}`
  }

  /** All requests since the start or the last {@link resetCounters}. */
  get requestCount(): number {
    return this.seen.length
  }

  /** Most requests under way at once. */
  get mostAtOnce(): number {
    return this.seen.reduce((most, { active }) => Math.max(most, active), 0)
  }

  /** Bytes of all bodies that were sent. */
  get bytesSent(): number {
    return this.seen.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Forgets what was asked and counted; data, faults and violations stay. */
  resetCounters(): void {
    this.seen.length = 0
    this.requests.clear()
    Object.assign(this.counters, this.#noneCounted)
  }

  /**
   * The server breaks off: `after` further requests go well, and every one behind them meets the fault, until
   * {@link heal}. Default: its connection is closed without an answer.
   */
  breakOff(after: number, fault: SharedFault | Own = { kind: 'drop' }): void {
    this.faults.stay(fault, { after })
  }

  /** Nothing goes wrong any more. */
  heal(): void {
    this.faults.clear()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Listens on the loopback address; after {@link close} again on the same port. */
  async listen(): Promise<this> {
    if (this.#server.listening) return this
    this.#server.listen(this.#port === 0 ? (this.#parts.port ?? 0) : this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** The server's own answer. A {@link Violation} that it throws is recorded and refused with 400, a {@link Refusal} as it says. */
  protected abstract answer(call: RoutedCall<Route, Own>): Answer | Promise<Answer>

  /** What a server with routes answers to a request without one. Default: it is a {@link Violation}. */
  protected noRoute(_call: Call<Route, Own>): Answer | Promise<Answer> {
    throw new Violation('unknown route')
  }

  /** A refusal as this server words it. */
  protected abstract refused(status: number, text: string): Answer

  /** What comes before any fault. An answer keeps the request out. */
  protected before(_call: Call<Route, Own>): Answer | undefined {
    return undefined
  }

  /** Faults that only this server has. Undefined when the response was written here. Default: the answer knows of it. */
  protected withFault(_fault: Own, call: Call<Route, Own>): Answer | undefined | Promise<Answer | undefined> {
    return this.carryOut(call)
  }

  /** A page to log in with. */
  protected loginPage(): Answer {
    return html(200, '<!DOCTYPE html><html><head><title>Log in</title></head><body><form method="post"><input name="os_username"><input type="password" name="os_password"></form></body></html>')
  }

  /** The last change of an answer before it is sent: its coding. */
  protected encoded(answer: Answer, _request: IncomingMessage): Answer {
    return answer
  }

  /** How a request without a route is counted. */
  protected nameOf(method: string, url: URL): string {
    return `${method} ${url.pathname}`
  }

  /** The server's own answer, with what it throws as the refusal that it means. */
  protected async carryOut(call: Call<Route, Own>): Promise<Answer> {
    try {
      // Where there are no routes, `Route` is undefined, and so is the one of a call.
      return await (this.#parts.routes !== undefined && call.route === undefined ? this.noRoute(call) : this.answer(call as RoutedCall<Route, Own>))
    } catch (error) {
      if (error instanceof Refusal) return this.refused(error.status, error.message)
      if (!(error instanceof Violation)) throw error
      this.violations.push(`${call.seen.route}: ${error.message}`)
      return this.refused(400, error.message)
    } finally {
      this.afterAnswer?.(call.seen.route)
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrived = await this.#received(request, response)
    if (arrived === undefined) return
    const { route } = arrived.seen
    this.onRequest?.(route)
    if ((await this.byHand?.(request, response, arrived.url, arrived.body)) === true) return
    const away = this.before(arrived)
    if (away !== undefined) return this.#send(arrived, away)
    const call = { ...arrived, fault: this.faults.take(route) }
    const answer = await (call.fault === undefined ? this.carryOut(call) : isShared(call.fault) ? this.#faulty(call.fault, call) : this.withFault(call.fault, call))
    if (answer !== undefined) this.#send(call, answer)
  }

  async #received(request: IncomingMessage, response: ServerResponse): Promise<Call<Route, Own> | undefined> {
    this.#active += 1
    const { method = '', url: path = '/', headers } = request
    const url = new URL(path, this.origin)
    const { prefix = '', routes } = this.#parts
    const found = url.pathname.startsWith(prefix) ? routes?.find(method, url.pathname.slice(prefix.length) || '/') : undefined
    const route = found === undefined ? this.nameOf(method, url) : `${found.route.method} ${found.route.path}`
    const conditional = headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined
    const seen: SeenRequest = { method, path, route, headers, at: performance.now(), active: this.#active, conditional, status: 0, bytes: 0 }
    this.seen.push(seen)
    this.requests.set(route, (this.requests.get(route) ?? 0) + 1)
    response.once('close', () => {
      this.#active -= 1
      if (response.headersSent) seen.status = response.statusCode
    })
    const body = await readBody(request)
    const call = { request, response, url, body: body ?? Buffer.alloc(0), route: found?.route, params: found?.params ?? {}, fault: undefined, seen }
    if (body !== undefined) return call
    this.violations.push(`${route}: a body of more than ${MOST_BYTES} bytes`)
    this.#send(call, this.refused(413, 'The request is too large.'))
    return undefined
  }

  async #faulty(fault: SharedFault, call: Call<Route, Own>): Promise<Answer | undefined> {
    switch (fault.kind) {
      case 'status': {
        const answer = this.refused(fault.status, fault.text ?? 'This is simulated.')
        return fault.retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': fault.retryAfter } }
      }
      case 'answer':
        return fault
      case 'login-page':
        return this.loginPage()
      case 'drop':
        if (fault.when === 'after') await this.carryOut(call)
        call.response.destroy()
        return undefined
      case 'delay':
        return { ...(await this.carryOut(call)), afterMs: fault.ms }
      case 'truncate':
      case 'stall':
        return await this.carryOut(call)
    }
  }

  #send(call: Call<Route, Own>, answer: Answer): void {
    const { afterMs = 0 } = answer
    if (afterMs === 0) this.#write(call, answer)
    else if (afterMs !== Number.POSITIVE_INFINITY) setTimeout(() => this.#write(call, answer), afterMs).unref()
  }

  #write({ request, response, seen, fault }: Call<Route, Own>, answer: Answer): void {
    const cut = fault !== undefined && isShared(fault) && fault.kind === 'truncate' && answer.status === 200 ? { how: 'silent', ...fault } : undefined
    const { status, contentType, headers, body: given } = this.encoded(cut?.how === 'silent' ? halved(answer) : answer, request)
    const body = typeof given === 'string' ? Buffer.from(given) : given
    const { announcesLength = false, tellsTime = true } = this.#parts
    const announced = (announcesLength && cut?.how !== 'chunked' && status !== 304) || cut?.how === 'length'
    response.sendDate = false
    response.writeHead(status, {
      ...(tellsTime && { date: new Date(this.now()).toUTCString() }),
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...headers,
      ...(announced && { 'content-length': String(body.length) }),
    })
    response.on('error', () => {})
    seen.status = status
    if (fault?.kind === 'stall') return void response.write(body.subarray(0, FIRST_BYTES))
    if (request.method === 'HEAD' || status === 304) return void response.end()
    const shown = cut === undefined || cut.how === 'silent' ? body : body.subarray(0, cut.after ?? body.length >> 1)
    if (shown.length === body.length && this.bytesPerSecond === undefined) {
      seen.bytes = body.length
      return void response.end(body)
    }
    void this.#stream(response, shown, seen).then(() => (shown.length < body.length ? request.socket.destroy() : response.end()))
  }

  /** Writes at the server's pace. */
  async #stream(response: ServerResponse, body: Uint8Array, seen: SeenRequest): Promise<void> {
    const step = this.bytesPerSecond === undefined ? Math.max(body.length, 1) : CHUNK
    for (let at = 0; at < body.length && !response.destroyed; at += step) {
      const chunk = body.subarray(at, at + step)
      seen.bytes += chunk.length
      await new Promise<void>((resolve) => response.write(chunk, () => resolve()))
      if (this.bytesPerSecond !== undefined) await delay((chunk.length / this.bytesPerSecond) * 1_000, undefined, { ref: false })
    }
  }
}

function halved(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, answer.body.length >> 1) }
}

/** Undefined when it is longer than anything should be. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MOST_BYTES) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}
