import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type Answer, failed, json, plain } from './answer.ts'
import { FaultSchedule } from '../fault-schedule.ts'
import type { Fault } from './faults.ts'
import { type QdrantCounters, type Route, routes, type ServerState } from './routes.ts'
import { SimulatedCollection } from './simulated-collection.ts'

/** How the simulated server is set up. */
export interface QdrantSimulatorOptions {
  /** Default 1.19.0. Before 1.16 there is no collection metadata. */
  readonly version?: string
  /** Requests without it are refused; absent: anyone may do anything. */
  readonly apiKey?: string
  /** Path before every route, as behind a reverse proxy. */
  readonly prefix?: string
  /** Default: any free one. */
  readonly port?: number
  /** Default 32 MB, as the real server's. */
  readonly maxRequestBytes?: number
  /** Refuses filters on fields without a payload index. Default true. */
  readonly strictMode?: boolean
}

// JSON.stringify escapes surrogates only when they are lone ones.
const LONE_SURROGATE = /(?<!\\)(\\\\)*\\ud[89a-f]/
const WRITES = /^(PUT|POST) .*\/(points|points\/(batch|delete)|index)$/

/**
 * Qdrant's REST interface on the loopback address, as far as our software uses it. Strict: a route, parameter or field
 * that is not known fails the request and is recorded in {@link QdrantSimulator.violations}. Data lives in memory as
 * long as the simulator, so that several stores can look at it one after the other.
 */
export class QdrantSimulator implements AsyncDisposable {
  /** What was wrong with requests. Tests expect it to be empty. */
  readonly violations: string[] = []
  /** Requests by route, such as `PUT /collections/{collection_name}/points`. */
  readonly requests = new Map<string, number>()
  readonly faults = new FaultSchedule<Fault>()
  readonly counters: QdrantCounters = { pointsUpserted: 0, payloadUpdates: 0, pointsDeleted: 0, vectorsWritten: 0, bytesFlooded: 0 }
  /** By name. Tests may look into them and change them. */
  readonly collections = new Map<string, SimulatedCollection>()
  readonly #options: QdrantSimulatorOptions
  readonly #server: Server
  readonly #later: (() => void)[] = []
  #version: string

  private constructor(options: QdrantSimulatorOptions) {
    this.#options = options
    this.#version = options.version ?? '1.19.0'
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.violations.push(`the simulator failed: ${String(error)}`)
        response.destroy()
      })
    })
  }

  /** Starts a server on the loopback address. */
  static async start(options: QdrantSimulatorOptions = {}): Promise<QdrantSimulator> {
    const simulator = new QdrantSimulator(options)
    await new Promise<void>((resolve, reject) => {
      simulator.#server.once('error', reject)
      simulator.#server.listen(options.port ?? 0, '127.0.0.1', resolve)
    })
    return simulator
  }

  /** What goes into `qdrant.url`, prefix included. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}${this.#options.prefix ?? ''}`
  }

  /** From now on the server is of another version, as after an upgrade. */
  set version(version: string) {
    this.#version = version
  }

  /** All requests since the start or the last {@link QdrantSimulator.resetCounters}. */
  get requestCount(): number {
    return this.requests.values().reduce((sum, count) => sum + count, 0)
  }

  /** Sets all counters to zero; data, faults and violations stay. */
  resetCounters(): void {
    this.requests.clear()
    Object.assign(this.counters, { pointsUpserted: 0, payloadUpdates: 0, pointsDeleted: 0, vectorsWritten: 0, bytesFlooded: 0 })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    for (const work of this.#later.splice(0)) work()
    const found = this.#find(request)
    if (found === undefined) {
      write(response, plain(404, '<html><body><h1>404 Not Found</h1></body></html>', 'text/html'))
      return
    }
    const name = `${found.route.method} ${found.route.path}`
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1)
    const carryOut = (): Answer => this.#answer(found, request, body)
    await this.#withFault(this.faults.take(name), name, response, carryOut)
  }

  async #withFault(fault: Fault | undefined, name: string, response: ServerResponse, carryOut: () => Answer): Promise<void> {
    switch (fault?.kind) {
      case undefined:
        return write(response, carryOut())
      case 'status': {
        const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
        return write(response, failed(fault.status, fault.text ?? 'Service internal error: simulated', headers))
      }
      case 'answer':
        return write(response, fault)
      case 'flood':
        return await this.#flood(fault, response)
      case 'next-offset': {
        const answer = carryOut()
        const { result, ...rest } = JSON.parse(answer.body) as { result: object }
        return write(response, { ...answer, body: JSON.stringify({ ...rest, result: { ...result, next_page_offset: fault.offset } }) })
      }
      case 'drop':
        if (fault.when === 'after') carryOut()
        response.destroy()
        return
      case 'truncate': {
        const answer = carryOut()
        return write(response, { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) })
      }
      case 'delay': {
        const answer = carryOut()
        if (fault.ms !== Number.POSITIVE_INFINITY) setTimeout(() => write(response, answer), fault.ms).unref()
        return
      }
      case 'update-status': {
        if (!WRITES.test(name)) this.violations.push(`an update status was scheduled for ${name}`)
        if (fault.applied === 'later') this.#later.push(carryOut)
        if (fault.applied === 'now') carryOut()
        const result = { operation_id: 1, status: fault.status }
        const shown = name.endsWith('/batch') ? [result] : result
        return write(response, json(200, { usage: null, result: shown, status: 'ok', time: 0 }))
      }
    }
  }

  /** As fast as the client takes it, until it is done or the client has had enough. */
  async #flood({ bytes, coding, announced }: Extract<Fault, { kind: 'flood' }>, response: ServerResponse): Promise<void> {
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

  #find(request: IncomingMessage): Found | undefined {
    const url = new URL(request.url ?? '/', 'http://simulator')
    const prefix = this.#options.prefix ?? ''
    if (!url.pathname.startsWith(prefix)) return undefined
    const path = url.pathname.slice(prefix.length) || '/'
    for (const route of routes.filter(({ method }) => method === request.method)) {
      const match = new RegExp(`^${route.path.replace('{collection_name}', '([^/]+)')}$`).exec(path)
      if (match !== null) return { route, collection: decodeURIComponent(match[1] ?? ''), query: url.searchParams }
    }
    this.violations.push(`unknown route ${request.method} ${path}`)
    return undefined
  }

  #answer({ route, collection, query }: Found, request: IncomingMessage, body: Buffer): Answer {
    const refused = route.guarded ? this.#refuse(request) : undefined
    if (refused !== undefined) return refused
    const limit = this.#options.maxRequestBytes ?? 32 * 1024 * 1024
    if (body.length > limit) {
      return failed(400, `JSON payload (${body.length} bytes) is larger than allowed (limit: ${limit} bytes).`)
    }
    const parameters = route.query.safeParse(Object.fromEntries(query))
    if (!parameters.success) return this.#violation(route, 'query parameters', parameters.error.message)
    const parsed = route.body.safeParse(parseJson(body))
    if (!parsed.success) return this.#violation(route, 'body', parsed.error.message)
    const state = this.#state()
    if (!state.keepsMetadata && typeof parsed.data === 'object' && 'metadata' in (parsed.data as object)) {
      return this.#violation(route, 'body', `metadata is unknown before 1.16, and this is ${this.#version}`)
    }
    return route.answer(state, collection, parsed.data)
  }

  #refuse(request: IncomingMessage): Answer | undefined {
    const { apiKey } = this.#options
    const given = request.headers['api-key'] ?? request.headers.authorization?.replace(/^Bearer /, '')
    if (apiKey === undefined || given === apiKey) return undefined
    if (given === undefined) return plain(401, 'Must provide an API key or an Authorization bearer token')
    return plain(401, 'Invalid API key or JWT')
  }

  #violation(route: Route, where: string, why: string): Answer {
    this.violations.push(`${route.method} ${route.path}: ${where}: ${why}`)
    return failed(400, `Format error in JSON body: ${why}`)
  }

  #state(): ServerState {
    const [major = 0, minor = 0] = this.#version.split('.').map(Number)
    return {
      version: this.#version,
      keepsMetadata: major > 1 || minor >= 16,
      strictMode: this.#options.strictMode ?? true,
      collections: this.collections,
      counters: this.counters,
    }
  }
}

interface Found {
  readonly route: Route
  readonly collection: string
  readonly query: URLSearchParams
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  const text = body.toString()
  try {
    // The real server refuses escapes of lone surrogates; JSON.parse does not.
    return LONE_SURROGATE.test(text) ? Number.NaN : JSON.parse(text)
  } catch {
    return Number.NaN
  }
}

function write(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': answer.contentType, ...answer.headers })
  response.end(answer.body)
}
