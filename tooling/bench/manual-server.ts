import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.xhtml': 'application/xhtml+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
}

/** What a server was asked for since the last look. */
export interface ServedRequests {
  requests: number
  /** Answered with 304. */
  unchanged: number
  bodies: number
}

/**
 * Serves a folder of files on loopback as a static web server does: index files, a redirect to the slash of a folder,
 * and ETags that are hashes of the bytes. With `copies`, the folder stands that often below `/1/`, `/2/`, …
 */
export class ManualServer {
  /** The folder that is served; another release may take its place at any time. */
  folder: string
  readonly copies: number
  served: ServedRequests = { requests: 0, unchanged: 0, bodies: 0 }
  readonly #server: Server

  private constructor(folder: string, copies: number) {
    this.folder = folder
    this.copies = copies
    this.#server = createServer((request, response) => this.#answer(request, response))
  }

  static async start(folder: string, copies: number): Promise<ManualServer> {
    const server = new ManualServer(folder, copies)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** The counts since the last call. */
  taken(): ServedRequests {
    const { served } = this
    this.served = { requests: 0, unchanged: 0, bodies: 0 }
    return served
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.served.requests += 1
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', this.url).pathname))
    if (this.copies > 1 && path === '/') return this.#send(request, response, Buffer.from(this.#contents()), 'text/html')
    const file = join(this.folder, this.copies > 1 ? path.replace(/^\/\d+(?=\/)/, '') : path)
    if (!existsSync(file)) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found')
    if (!statSync(file).isDirectory()) return this.#send(request, response, readFileSync(file), TYPES[extname(file)] ?? 'application/octet-stream')
    if (!path.endsWith('/')) return void response.writeHead(301, { location: `${path}/` }).end()
    const index = join(file, 'index.html')
    if (existsSync(index)) this.#send(request, response, readFileSync(index), 'text/html')
    else response.writeHead(404).end()
  }

  #send(request: IncomingMessage, response: ServerResponse, body: Buffer, type: string): void {
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 24)}"`
    if (request.headers['if-none-match'] === etag) {
      this.served.unchanged += 1
      response.writeHead(304, { etag }).end()
      return
    }
    this.served.bodies += 1
    response.writeHead(200, { 'content-type': type, 'content-length': body.length, etag }).end(body)
  }

  #contents(): string {
    const links = Array.from({ length: this.copies }, (_, copy) => `<li><a href="/${copy + 1}/">Copy ${copy + 1}</a></li>`)
    return `<!doctype html><title>Copies</title><main><h1>Copies of a manual</h1><ul>${links.join('')}</ul></main>`
  }
}
