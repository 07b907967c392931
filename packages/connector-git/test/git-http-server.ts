import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { TEST_ENVIRONMENT } from './test-repository.ts'

/** What a server does in the place of its answer. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** The connection is closed without a word. */
  | { readonly kind: 'reset' }
  /** The connection stays open, and nothing comes. */
  | { readonly kind: 'silent' }
  /** Of a longer answer so many bytes, and then the connection is closed. */
  | { readonly kind: 'cut'; readonly after: number }

const CHUNK = 4_096

/** The folder of git's own programs, once it was asked for. */
let gitPrograms: string | undefined

/** Serves one bare repository as `/team/repo.git` with git's own CGI program, on loopback. */
export class GitHttpServer {
  readonly #server: Server
  readonly #repository: string
  /** What `Authorization` has to be; undefined: nothing is asked for. */
  credentials: { readonly username: string; readonly password: string } | undefined
  /** Answers with this status instead. */
  failure: number | undefined
  /** Redirects everything to this origin. */
  redirectTo: string | undefined
  /** Decides for each request; undefined: the real answer. `requested` is the method and the path. */
  fault: (requested: string) => Fault | undefined = () => undefined
  /** As slow as this; undefined: as fast as it goes. */
  bytesPerSecond: number | undefined
  /** Speaks the protocol of before 2018, which gives no objects but those with a name. */
  oldProtocol = false
  /** `METHOD path?query` and the authorization of each request. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[] = []
  /** Bytes of all bodies that were sent. */
  sent = 0

  private constructor(repository: string) {
    this.#repository = repository
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  static async start(repository: string): Promise<GitHttpServer> {
    const server = new GitHttpServer(repository)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `${this.origin}/team/repo.git`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin)
    const line = `${request.method} ${request.url}`
    this.requests.push({ line, authorization: request.headers.authorization })
    if (this.failure !== undefined) return void response.writeHead(this.failure).end('failure')
    if (this.redirectTo !== undefined) return void response.writeHead(302, { location: this.redirectTo + (request.url ?? '') }).end()
    const fault = this.fault(line)
    if (fault?.kind === 'answer') return void response.writeHead(fault.status, fault.headers).end(fault.body)
    if (fault?.kind === 'silent') return
    if (fault?.kind === 'reset') return void request.socket.destroy()
    if (!this.#isAuthorized(request)) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no')
    if (!url.pathname.startsWith('/team/repo.git/')) return void response.writeHead(404).end('not found')
    const { status, headers, body } = await this.#backend(request, url)
    response.on('error', () => undefined)
    response.writeHead(status, headers)
    const isCut = fault !== undefined && body.length > fault.after
    await this.#send(response, isCut ? body.subarray(0, fault.after) : body)
    if (isCut) request.socket.destroy()
    else response.end()
  }

  async #send(response: ServerResponse, body: Buffer): Promise<void> {
    const pace = this.bytesPerSecond
    if (pace === undefined) {
      this.sent += body.length
      await new Promise<void>((resolve) => response.write(body.length === 0 ? '' : body, () => resolve()))
      return
    }
    for (let at = 0; at < body.length && !response.destroyed; at += CHUNK) {
      const chunk = body.subarray(at, at + CHUNK)
      response.write(chunk)
      this.sent += chunk.length
      await delay((chunk.length / pace) * 1_000)
    }
  }

  #isAuthorized(request: IncomingMessage): boolean {
    if (!this.credentials) return true
    const { username, password } = this.credentials
    return request.headers.authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  }

  async #backend(request: IncomingMessage, url: URL): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
    gitPrograms ??= execFileSync('git', ['--exec-path'], { env: TEST_ENVIRONMENT }).toString().trim()
    const child = spawn(join(gitPrograms, 'git-http-backend'), [], {
      env: {
        ...TEST_ENVIRONMENT,
        GIT_PROJECT_ROOT: this.#repository,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: url.pathname.slice('/team/repo.git'.length),
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        ...(request.headers['content-encoding'] !== undefined && { HTTP_CONTENT_ENCODING: request.headers['content-encoding'] }),
        ...(request.headers['content-length'] !== undefined && { CONTENT_LENGTH: request.headers['content-length'] }),
        GIT_PROTOCOL: this.oldProtocol ? '' : String(request.headers['git-protocol'] ?? ''),
      },
    })
    request.pipe(child.stdin)
    child.stdin.on('error', () => undefined)
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    await new Promise((resolve) => child.once('close', resolve))
    const output = Buffer.concat(chunks)
    const end = output.indexOf('\r\n\r\n')
    const headers = output.toString('latin1', 0, end).split('\r\n').map((line) => line.split(': ') as [string, string])
    const status = Number.parseInt(headers.find(([name]) => name === 'Status')?.[1] ?? '200', 10)
    return { status, headers: Object.fromEntries(headers.filter(([name]) => name !== 'Status')), body: output.subarray(end + 4) }
  }
}
