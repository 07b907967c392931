import { basicAuth } from '../base/answer.ts'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer, request as send } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** How a {@link ProxySimulator} behaves. */
export interface ProxySimulatorOptions {
  /** Asked for with 407 unless a request brings them. */
  readonly credentials?: { readonly user: string; readonly password: string }
  /** Names that only this proxy knows, with the port on loopback where they lead to. What it does not know is 502. */
  readonly names?: Readonly<Record<string, number>>
  /** Hosts that it lets nobody ask (403). */
  readonly forbidden?: readonly string[]
  /** Whether it opens tunnels to port 443 only, as many do. */
  readonly tunnelsTo443Only?: boolean
}

/** One request that a proxy was sent. */
export interface ProxiedRequest {
  /** `CONNECT`, or the method of a request that it was to make itself. */
  readonly method: string
  /** As it stood in the request line: `host:port`, or a whole address. */
  readonly target: string
  readonly authorization: string | undefined
}

/** An HTTP proxy on loopback: tunnels (`CONNECT`), and requests of its own for `http:` addresses. */
export class ProxySimulator implements AsyncDisposable {
  readonly seen: ProxiedRequest[] = []
  readonly #options: ProxySimulatorOptions
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(options: ProxySimulatorOptions) {
    this.#options = options
    this.#server = createServer((request, response) => this.#forward(request, response))
    this.#server.on('connect', (request: IncomingMessage, socket: Duplex) => this.#tunnel(request, socket))
    this.#server.on('connection', (socket) => this.#keep(socket))
  }

  static async start(options: ProxySimulatorOptions = {}): Promise<ProxySimulator> {
    const proxy = new ProxySimulator(options)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** With the credentials that it asks for. */
  get url(): string {
    const { credentials } = this.#options
    const user = credentials === undefined ? '' : `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}@`
    return `http://${user}${this.host}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
  }

  /** What the proxy itself says to a request; undefined when it lets it through. */
  #refusal(request: IncomingMessage, host: string, port: number): number | undefined {
    const authorization = request.headers['proxy-authorization']
    this.seen.push({ method: request.method ?? '', target: request.url ?? '', authorization })
    const { credentials, forbidden = [], tunnelsTo443Only = false } = this.#options
    const wanted = credentials && basicAuth(credentials.user, credentials.password)
    if (wanted !== undefined && authorization !== wanted) return 407
    if (forbidden.includes(host)) return 403
    return request.method === 'CONNECT' && tunnelsTo443Only && port !== 443 ? 403 : undefined
  }

  /** Where a host leads to; undefined when nobody knows it. */
  #resolve(host: string, port: number): number | undefined {
    const known = this.#options.names?.[host]
    return known ?? (host === '127.0.0.1' || host === 'localhost' ? port : undefined)
  }

  #tunnel(request: IncomingMessage, client: Duplex): void {
    client.on('error', () => {})
    const [host = '', port = '443'] = (request.url ?? '').split(':')
    const refused = this.#refusal(request, host, Number(port))
    const to = this.#resolve(host, Number(port))
    if (refused !== undefined || to === undefined) {
      client.end(`HTTP/1.1 ${refused ?? 502} Refused\r\n${refused === 407 ? 'proxy-authenticate: Basic realm="proxy"\r\n' : ''}content-length: 0\r\n\r\n`)
      return
    }
    const server = connect(to, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    this.#keep(server)
    server.on('error', () => client.destroy())
    client.on('close', () => server.destroy())
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined
    const refused = this.#refusal(request, url?.hostname ?? '', Number(url?.port === '' ? 80 : url?.port))
    const to = url && this.#resolve(url.hostname, url.port === '' ? 80 : Number(url.port))
    if (refused !== undefined || to === undefined || url === undefined) {
      response.writeHead(refused ?? (url === undefined ? 400 : 502), refused === 407 ? { 'proxy-authenticate': 'Basic realm="proxy"' } : {}).end()
      return
    }
    const { 'proxy-authorization': _credentials, 'proxy-connection': _connection, ...headers } = request.headers
    const onward = send({ host: '127.0.0.1', port: to, method: request.method, path: `${url.pathname}${url.search}`, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  }
}
