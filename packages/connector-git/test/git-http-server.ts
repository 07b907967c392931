import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { TEST_ENVIRONMENT } from './test-repository.ts'

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
  /** `METHOD path?query` and the authorization of each request. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[] = []

  private constructor(repository: string) {
    this.#repository = repository
    this.#server = createServer((request, response) => this.#answer(request, response))
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

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.origin)
    this.requests.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization })
    if (this.failure !== undefined) return void response.writeHead(this.failure).end('failure')
    if (this.redirectTo !== undefined) return void response.writeHead(302, { location: this.redirectTo + (request.url ?? '') }).end()
    if (!this.#isAuthorized(request)) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no')
    if (!url.pathname.startsWith('/team/repo.git/')) return void response.writeHead(404).end('not found')
    this.#backend(request, url, response)
  }

  #isAuthorized(request: IncomingMessage): boolean {
    if (!this.credentials) return true
    const { username, password } = this.credentials
    return request.headers.authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  }

  #backend(request: IncomingMessage, url: URL, response: ServerResponse): void {
    const execPath = execFileSync('git', ['--exec-path'], { env: TEST_ENVIRONMENT }).toString().trim()
    const child = spawn(join(execPath, 'git-http-backend'), [], {
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
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    })
    request.pipe(child.stdin)
    child.stdin.on('error', () => undefined)
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('close', () => {
      const output = Buffer.concat(chunks)
      const end = output.indexOf('\r\n\r\n')
      const headers = output.toString('latin1', 0, end).split('\r\n').map((line) => line.split(': ') as [string, string])
      const status = Number.parseInt(headers.find(([name]) => name === 'Status')?.[1] ?? '200', 10)
      response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
      response.end(output.subarray(end + 4))
    })
  }
}
