import { execFileSync, spawn } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import { join } from 'node:path'
import { type Answer, basicAuth } from '../base/answer.ts'
import { type RoutedCall, type ServerOptions, SimulatedServer } from '../base/simulated-server.ts'
import { GIT_ENVIRONMENT } from './git-environment.ts'

const PREFIX = '/team/repo.git'

type GitCall = RoutedCall<undefined, never>

/** Serves one bare repository as `/team/repo.git` with git's own CGI program. A request is counted by method, path and query. */
export class GitSimulator extends SimulatedServer<undefined, object> {
  readonly #repository: string
  /** Who is let in; undefined: everybody. */
  credentials: { readonly username: string; readonly password: string } | undefined
  /** Redirects everything to this origin. */
  redirectTo: string | undefined
  /** Speaks the protocol of before 2018, which gives no objects but those with a name. */
  oldProtocol = false

  private constructor(repository: string, { port }: ServerOptions) {
    super({ port, counters: {} })
    this.#repository = repository
  }

  static start(repository: string, options: ServerOptions = {}): Promise<GitSimulator> {
    return new GitSimulator(repository, options).listen()
  }

  /** Of the repository. */
  override get url(): string {
    return `${this.origin}${PREFIX}`
  }

  protected override nameOf(method: string, url: URL): string {
    return `${method} ${url.pathname}${url.search}`
  }

  protected override before({ seen }: GitCall): Answer | undefined {
    return this.redirectTo === undefined ? undefined : { status: 302, body: '', headers: { location: this.redirectTo + seen.path } }
  }

  protected async answer({ request, url, body }: GitCall): Promise<Answer> {
    const { credentials } = this
    if (credentials && request.headers.authorization !== basicAuth(credentials.username, credentials.password)) {
      return { status: 401, body: 'no', headers: { 'www-authenticate': 'Basic realm="git"' } }
    }
    if (!url.pathname.startsWith(`${PREFIX}/`)) return this.refused(404, 'not found')
    const { headers } = request
    const child = spawn(join(gitPrograms(), 'git-http-backend'), [], {
      env: {
        ...GIT_ENVIRONMENT,
        GIT_PROJECT_ROOT: this.#repository,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: url.pathname.slice(PREFIX.length),
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: headers['content-type'] ?? '',
        CONTENT_LENGTH: String(body.length),
        ...(headers['content-encoding'] !== undefined && { HTTP_CONTENT_ENCODING: headers['content-encoding'] }),
        GIT_PROTOCOL: this.oldProtocol ? '' : String(headers['git-protocol'] ?? ''),
      },
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(body)
    return fromCgi(await buffer(child.stdout))
  }

  protected refused(status: number, text: string): Answer {
    return { status, body: text }
  }
}

let programs: string | undefined

/** Where git's own programs are. */
function gitPrograms(): string {
  programs ??= execFileSync('git', ['--exec-path'], { env: GIT_ENVIRONMENT }).toString().trim()
  return programs
}

function fromCgi(output: Buffer): Answer {
  const end = output.indexOf('\r\n\r\n')
  const headers = output.toString('latin1', 0, end).split('\r\n').map((line) => line.split(': ') as [string, string])
  const status = Number.parseInt(headers.find(([name]) => name === 'Status')?.[1] ?? '200', 10)
  return { status, headers: Object.fromEntries(headers.filter(([name]) => name !== 'Status')), body: output.subarray(end + 4) }
}
