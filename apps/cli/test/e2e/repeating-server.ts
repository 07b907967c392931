import { createServer, request as send } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where a server repeats what it was sent. */
export type Place = (response: ServerResponse, repeated: string, request: IncomingMessage) => void

/** A server before another one, which answers some requests by repeating secrets. */
export class RepeatingServer implements AsyncDisposable {
  /** Decides for each request, by method and path. Default: all are passed on. */
  repeats: (requested: string, body: string) => boolean = () => false
  place: Place = (response) => response.end()
  /** What is repeated. */
  text = ''
  /** How often it was. */
  repeated = 0
  /** The server behind it, as `http://127.0.0.1:…`; undefined: there is none. */
  upstream: string | undefined
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response))

  static async start(upstream?: string): Promise<RepeatingServer> {
    const server = new RepeatingServer()
    server.upstream = upstream
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    if (this.upstream === undefined || this.repeats(`${request.method} ${request.url}`, body.toString())) {
      this.repeated += 1
      return this.place(response, this.text, request)
    }
    const behind = send(`${this.upstream}${request.url}`, { method: request.method, headers: { ...request.headers, host: new URL(this.upstream).host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    behind.end(body)
  }
}
