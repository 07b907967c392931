import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One answer of a {@link DocsServer}. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A request as it came in. */
export interface Seen {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly at: number
}

/** A web server on loopback whose answers a test writes down, by path and query. What is not there is 404. */
export class DocsServer {
  readonly answers = new Map<string, Answer | ((request: IncomingMessage) => Answer)>()
  readonly seen: Seen[] = []
  /** Requests under way at once, at most. */
  mostAtOnce = 0
  #underway = 0
  #spared = Number.POSITIVE_INFINITY
  #then: Answer | 'closed' | 'silent' = 'closed'
  readonly #server: Server
  #port = 0

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response))
  }

  static async start(): Promise<DocsServer> {
    const server = new DocsServer()
    await server.listen()
    return server
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** So many more requests are answered, and those after them get this. Default: their connections are closed. */
  breakOff(afterRequests: number, then: Answer | 'closed' | 'silent' = 'closed'): void {
    this.#spared = afterRequests
    this.#then = then
  }

  async listen(): Promise<void> {
    if (this.#server.listening) return
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Paths asked for since the last call, in order. */
  taken(): string[] {
    return this.seen.splice(0).map(({ path }) => path)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/'
    this.seen.push({ path, headers: request.headers, at: Date.now() })
    this.#underway += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underway)
    response.on('close', () => (this.#underway -= 1))
    const then = this.#spared-- <= 0 ? this.#then : undefined
    if (then === 'silent') return
    if (then === 'closed') return void request.socket.destroy()
    const written = then ?? this.answers.get(path)
    const answer = typeof written === 'function' ? written(request) : (written ?? { status: 404, body: 'not found' })
    const etag = answer.headers?.['etag']
    if (etag !== undefined && request.headers['if-none-match'] === etag && answer.status === undefined) {
      response.writeHead(304, { etag }).end()
      return
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...answer.headers }).end(answer.body ?? '')
  }
}
