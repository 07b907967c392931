import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, failed, json } from './answer.ts'
import { CLOUD_ROUTES } from './cloud-routes.ts'
import { DATACENTER_ROUTES } from './datacenter-routes.ts'
import { FaultSchedule } from '../fault-schedule.ts'
import type { Fault } from './faults.ts'
import { JiraWorld } from './jira-world.ts'
import { type Bucket, BucketMeter, type JiraQuirks, USUAL } from './quirks.ts'
import { holdsIssue } from './holds-issue.ts'
import { type Cursor, type JiraCounters, type PageLimits, type Route, type ServerState, Violation } from './route.ts'

/** How the simulated server is set up. */
export interface JiraSimulatorOptions extends Partial<JiraQuirks> {
  /** Default `cloud`. */
  readonly deployment?: 'cloud' | 'datacenter'
  /** The server's clock. Default: that of the machine. */
  readonly now?: () => number
  /** Account that the token belongs to, on Cloud. Default `reader@example.com`. */
  readonly email?: string
  /** API token on Cloud, personal access token on Data Center. Default `the-token`. */
  readonly token?: string
  /** Path before every route, as the context path of Data Center. */
  readonly prefix?: string
  /** Default: any free one. */
  readonly port?: number
  readonly pageLimits?: Partial<PageLimits>
  /** Minutes by which the zone of our user is ahead of UTC. Default 120. */
  readonly zoneMinutes?: number
  /** Whether rows of a search show `updated` as the index or as the database has it. Default `database`. */
  readonly rowsFrom?: 'index' | 'database'
  /** How long a `nextPageToken` is good for, by the server's clock. Default 7 days. */
  readonly tokenLifetimeMs?: number
}

/**
 * Jira's REST interface on the loopback address, as far as our software uses it, for Cloud or Data Center. Strict: a
 * route, parameter, body field or JQL clause that is not known is answered with 400 and recorded in
 * {@link JiraSimulator.violations}. What is in Jira is made and changed through {@link JiraSimulator.world}.
 */
export class JiraSimulator implements AsyncDisposable {
  readonly world: JiraWorld
  /** What was wrong with requests. Tests expect it to be empty. */
  readonly violations: string[] = []
  /** Requests by route, such as `POST /rest/api/3/search/jql`. */
  readonly requests = new Map<string, number>()
  readonly counters: JiraCounters = { rows: 0, issues: 0, heads: 0, commentPages: 0 }
  readonly faults = new FaultSchedule<Fault>()
  readonly cursors = new Map<string, Cursor>()
  /** Ids of issues that the server cannot show: what holds one of them is answered with 500, alone or with others. */
  readonly unservable = new Set<string>()
  /** Rows of a listing that have a field fail with them, too. */
  unservableRows = false
  /** The server is down: 503 for everything. */
  down = false
  quirks: JiraQuirks
  /** Called when an answer is made and before it is sent: people go on working while a listing is read. */
  afterAnswer: ((route: string) => void) | undefined
  limits: PageLimits
  zoneMinutes: number
  rowsFrom: 'index' | 'database'
  readonly #options: JiraSimulatorOptions
  readonly #cloud: boolean
  readonly #server: Server
  #meter: { readonly bucket: Bucket; readonly meter: BucketMeter } | undefined

  private constructor(options: JiraSimulatorOptions) {
    this.#options = options
    this.#cloud = options.deployment !== 'datacenter'
    this.world = new JiraWorld(options.now ?? Date.now)
    this.quirks = { ...USUAL, ...Object.fromEntries(Object.entries(options).filter(([name]) => name in USUAL)) }
    this.limits = { ids: 5_000, light: 5_000, rows: this.#cloud ? 100 : 1_000, comments: 100, histories: 1_000, ...options.pageLimits }
    this.zoneMinutes = options.zoneMinutes ?? 120
    this.rowsFrom = options.rowsFrom ?? 'database'
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.violations.push(`the simulator failed: ${String(error)}`)
        response.destroy()
      })
    })
  }

  /** Starts a server on the loopback address. */
  static async start(options: JiraSimulatorOptions = {}): Promise<JiraSimulator> {
    const simulator = new JiraSimulator(options)
    await new Promise<void>((resolve, reject) => {
      simulator.#server.once('error', reject)
      simulator.#server.listen(options.port ?? 0, '127.0.0.1', resolve)
    })
    return simulator
  }

  /** What goes into `base_url`, context path included. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}${this.#options.prefix ?? ''}`
  }

  get email(): string {
    return this.#options.email ?? 'reader@example.com'
  }

  get token(): string {
    return this.#options.token ?? 'the-token'
  }

  /** All requests since the start or the last {@link JiraSimulator.resetCounters}. */
  get requestCount(): number {
    return this.requests.values().reduce((sum, count) => sum + count, 0)
  }

  /** Sets all counters to zero; data, faults and violations stay. */
  resetCounters(): void {
    this.requests.clear()
    Object.assign(this.counters, { rows: 0, issues: 0, heads: 0, commentPages: 0 })
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
    const found = this.#find(request)
    if (found === undefined) return this.#write(response, failed(400, [`the simulator has no route ${request.method} ${request.url}`]))
    const name = `${found.route.method} ${found.route.path}`
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1)
    if (this.down) return this.#write(response, failed(503, ['The server is being maintained.']))
    const refused = this.#refusal()
    if (refused !== undefined) return this.#write(response, refused)
    const carryOut = (): Answer => {
      const answer = this.#answer(found, request, body)
      this.afterAnswer?.(name)
      return answer.status === 200 && [...this.unservable].some((id) => holdsIssue(answer.body, id, this.unservableRows)) ? failed(500, ['Internal server error']) : answer
    }
    await this.#withFault(this.faults.take(name), response, carryOut)
  }

  async #withFault(fault: Fault | undefined, response: ServerResponse, carryOut: () => Answer): Promise<void> {
    switch (fault?.kind) {
      case undefined:
        return this.#write(response, carryOut())
      case 'status': {
        const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
        return this.#write(response, failed(fault.status, [fault.text ?? 'Simulated.'], headers))
      }
      case 'answer':
        return this.#write(response, fault)
      case 'drop':
        response.destroy()
        return
      case 'delay':
        if (fault.ms !== Number.POSITIVE_INFINITY) setTimeout(() => this.#write(response, carryOut()), fault.ms).unref()
        return
      case 'truncate': {
        const answer = carryOut()
        return this.#write(response, { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) })
      }
      case 'warning':
        return this.#write(response, withWarning(carryOut(), this.#cloud))
      case 'issue-errors':
        return this.#write(response, withIssueErrors(carryOut()))
    }
  }

  /** What keeps anybody out. */
  #refusal(): Answer | undefined {
    const { bucket, signIn } = this.quirks
    if (bucket !== undefined) {
      if (this.#meter?.bucket !== bucket) this.#meter = { bucket, meter: new BucketMeter(bucket, () => this.world.now()) }
      const headers = this.#meter.meter.take()
      if (headers !== undefined) return failed(429, ['Rate limit exceeded.'], headers)
    }
    if (signIn === 'captcha') {
      const headers = { 'x-authentication-denied-reason': `CAPTCHA_CHALLENGE; login-url=${this.url}/login.jsp`, 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' }
      return failed(403, ['Basic Authentication Failure - Reason : AUTHENTICATION_DENIED'], headers)
    }
    // A token with scopes means nothing to the site itself.
    return signIn === 'scoped-token' ? failed(401, ['Client must be authenticated to access this resource.'], { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }) : undefined
  }

  #find(request: IncomingMessage): Found | undefined {
    const url = new URL(request.url ?? '/', 'http://simulator')
    const prefix = this.#options.prefix ?? ''
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : undefined
    for (const route of path === undefined ? [] : this.#cloud ? CLOUD_ROUTES : DATACENTER_ROUTES) {
      const match = route.method === request.method ? new RegExp(`^${route.path.replace('{id}', '([^/]+)')}$`).exec(path ?? '') : null
      if (match !== null) return { route, id: decodeURIComponent(match[1] ?? ''), query: url.searchParams }
    }
    this.violations.push(`unknown route ${request.method} ${url.pathname}`)
    return undefined
  }

  #answer({ route, id, query }: Found, request: IncomingMessage, body: Buffer): Answer {
    const anonymous = !this.#isKnown(request.headers.authorization)
    if (anonymous && !this.#cloud && !route.path.endsWith('/serverInfo')) return UNAUTHORISED
    const parameters = route.query.safeParse(Object.fromEntries([...new Set(query.keys())].map((key) => [key, query.getAll(key)])))
    if (!parameters.success) return this.#violation(route, `query parameters: ${parameters.error.message}`)
    const parsed = route.body.safeParse(parseJson(body))
    if (!parsed.success) return this.#violation(route, `body: ${parsed.error.message}`)
    try {
      const answer = route.answer({ state: this.#state(anonymous), id, query: parameters.data as never, body: parsed.data as never })
      return anonymous ? { ...answer, headers: { ...answer.headers, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' } } : answer
    } catch (error) {
      if (error instanceof Violation) return this.#violation(route, error.message)
      throw error
    }
  }

  #isKnown(authorization: string | undefined): boolean {
    const basic = `Basic ${Buffer.from(`${this.email}:${this.token}`).toString('base64')}`
    return authorization === (this.#cloud ? basic : `Bearer ${this.token}`) || (!this.#cloud && authorization === basic)
  }

  #violation(route: Route, why: string): Answer {
    this.violations.push(`${route.method} ${route.path}: ${why}`)
    return failed(400, [why])
  }

  #state(anonymous: boolean): ServerState {
    const { world, limits, counters, rowsFrom, zoneMinutes, cursors, quirks } = this
    const tokenLifetimeMs = this.#options.tokenLifetimeMs ?? 7 * 86_400_000
    return { world, limits, counters, rowsFrom, zoneMinutes, quirks, cursors, tokenLifetimeMs, anonymous, cloud: this.#cloud, baseUrl: this.url }
  }

  #write(response: ServerResponse, answer: Answer): void {
    const date = new Date(this.world.now()).toUTCString()
    response.writeHead(answer.status, { date, 'content-type': answer.contentType, ...answer.headers })
    response.end(answer.body)
  }
}

interface Found {
  readonly route: Route
  readonly id: string
  readonly query: URLSearchParams
}

const UNAUTHORISED: Answer = {
  status: 401,
  contentType: 'text/html;charset=UTF-8',
  body: '<html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1></body></html>',
  headers: { 'www-authenticate': 'OAuth realm="jira"', 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
}

function withWarning(answer: Answer, cloud: boolean): Answer {
  const page = JSON.parse(answer.body) as { issues?: unknown[] }
  // A bulk fetch has no warnings.
  if (!Array.isArray(page.issues) || answer.status !== 200 || 'issueErrors' in page) return answer
  const { nextPageToken: _, ...rest } = page as Record<string, unknown>
  const issues = page.issues.slice(0, Math.floor(page.issues.length / 2))
  const message = 'The result set was truncated.'
  return json(200, { ...rest, issues, ...(cloud ? { isLast: true, warnings: [{ type: 'RESULT_TRUNCATED', message }] } : { warningMessages: [message] }) })
}

function withIssueErrors(answer: Answer): Answer {
  const page = JSON.parse(answer.body) as { issues?: { id: string }[]; issueErrors?: unknown }
  if (!Array.isArray(page.issueErrors) || page.issues === undefined) return answer
  const failing = page.issues.filter((_, at) => at % 2 === 0)
  const issueErrors = failing.map(({ id }) => ({ id, errorMessage: 'The issue could not be retrieved. Try again later.' }))
  return json(200, { ...page, issueErrors, issues: page.issues.filter((_, at) => at % 2 !== 0) })
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString())
  } catch {
    return Number.NaN
  }
}
