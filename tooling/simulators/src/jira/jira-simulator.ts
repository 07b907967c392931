import { type Answer, basicAuth, html } from '../base/answer.ts'
import { checked, parsedJson, RouteTable } from '../base/route-table.ts'
import { type Call, type RoutedCall, type ServerOptions, SimulatedServer } from '../base/simulated-server.ts'
import { failed, LOGIN_PAGE } from './answer.ts'
import { CLOUD_ROUTES } from './cloud-routes.ts'
import { DATACENTER_ROUTES } from './datacenter-routes.ts'
import { type OwnFault, withIssueErrors, withWarning } from './faults.ts'
import { holdsIssue } from './holds-issue.ts'
import { JiraWorld } from './jira-world.ts'
import { type Bucket, BucketMeter, type JiraQuirks, USUAL } from './quirks.ts'
import type { Cursor, JiraCounters, PageLimits, Route, ServerState } from './route.ts'

/** How the simulated server is set up. */
export interface JiraSimulatorOptions extends Partial<JiraQuirks>, ServerOptions {
  /** Default `cloud`. */
  readonly deployment?: 'cloud' | 'datacenter'
  /** Account that the token belongs to, on Cloud. Default `reader@example.com`. */
  readonly email?: string
  /** API token on Cloud, personal access token on Data Center. Default `the-token`. */
  readonly token?: string
  /** Path before every route, as the context path of Data Center. */
  readonly prefix?: string
  readonly pageLimits?: Partial<PageLimits>
  /** Minutes by which the zone of our user is ahead of UTC. Default 120. */
  readonly zoneMinutes?: number
  /** Whether rows of a search show `updated` as the index or as the database has it. Default `database`. */
  readonly rowsFrom?: 'index' | 'database'
  /** How long a `nextPageToken` is good for, by the server's clock. Default 7 days. */
  readonly tokenLifetimeMs?: number
}

type JiraCall = RoutedCall<Route, OwnFault>

const ROUTES = { cloud: new RouteTable(CLOUD_ROUTES), datacenter: new RouteTable(DATACENTER_ROUTES) }
const REFUSED_SIGN_IN = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }

/**
 * Jira's REST interface, as far as our software uses it, for Cloud or Data Center. Strict: a route, parameter, body
 * field or JQL clause that is not known is answered with 400 and recorded as a violation. What is in Jira is made and
 * changed through {@link JiraSimulator.world}.
 */
export class JiraSimulator extends SimulatedServer<Route, JiraCounters, OwnFault> {
  readonly world: JiraWorld
  readonly cursors = new Map<string, Cursor>()
  /** Ids of issues that the server cannot show: what holds one of them is answered with 500, alone or with others. */
  readonly unservable = new Set<string>()
  /** Rows of a listing that have a field fail with them, too. */
  unservableRows = false
  /** The server is down: 503 for everything. */
  down = false
  quirks: JiraQuirks
  limits: PageLimits
  zoneMinutes: number
  rowsFrom: 'index' | 'database'
  readonly email: string
  readonly token: string
  readonly #tokenLifetimeMs: number
  readonly #cloud: boolean
  #meter: { readonly bucket: Bucket; readonly meter: BucketMeter } | undefined

  private constructor(options: JiraSimulatorOptions) {
    const { deployment = 'cloud', port, prefix, now } = options
    super({ port, prefix, now, routes: ROUTES[deployment], counters: { rows: 0, issues: 0, heads: 0, commentPages: 0 } })
    this.#cloud = deployment === 'cloud'
    this.world = new JiraWorld(() => this.now())
    this.quirks = { ...USUAL, ...Object.fromEntries(Object.entries(options).filter(([name]) => name in USUAL)) }
    this.limits = { ids: 5_000, light: 5_000, rows: this.#cloud ? 100 : 1_000, comments: 100, histories: 1_000, ...options.pageLimits }
    this.zoneMinutes = options.zoneMinutes ?? 120
    this.rowsFrom = options.rowsFrom ?? 'database'
    this.email = options.email ?? 'reader@example.com'
    this.token = options.token ?? 'the-token'
    this.#tokenLifetimeMs = options.tokenLifetimeMs ?? 7 * 86_400_000
  }

  static start(options: JiraSimulatorOptions = {}): Promise<JiraSimulator> {
    return new JiraSimulator(options).listen()
  }

  protected override before(): Answer | undefined {
    if (this.down) return failed(503, ['The server is being maintained.'])
    const { bucket, signIn } = this.quirks
    if (bucket !== undefined) {
      if (this.#meter?.bucket !== bucket) this.#meter = { bucket, meter: new BucketMeter(bucket, () => this.now()) }
      const headers = this.#meter.meter.take()
      if (headers !== undefined) return failed(429, ['Rate limit exceeded.'], headers)
    }
    if (signIn === 'captcha') {
      const headers = { 'x-authentication-denied-reason': `CAPTCHA_CHALLENGE; login-url=${this.url}/login.jsp`, 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' }
      return failed(403, ['Basic Authentication Failure - Reason : AUTHENTICATION_DENIED'], headers)
    }
    // A token with scopes means nothing to the site itself.
    return signIn === 'scoped-token' ? failed(401, ['Client must be authenticated to access this resource.'], REFUSED_SIGN_IN) : undefined
  }

  protected override async withFault(fault: OwnFault, call: Call<Route, OwnFault>): Promise<Answer> {
    const answer = await this.carryOut(call)
    return fault.kind === 'warning' ? withWarning(answer, this.#cloud) : withIssueErrors(answer)
  }

  protected answer({ route, params, request, url: { searchParams }, body }: JiraCall): Answer {
    const anonymous = !this.#isKnown(request.headers.authorization)
    if (anonymous && !this.#cloud && !route.path.endsWith('/serverInfo')) return UNAUTHORISED
    const query = checked(route.query, Object.fromEntries([...new Set(searchParams.keys())].map((key) => [key, searchParams.getAll(key)])), 'query parameters')
    const given = checked(route.body, parsedJson(body), 'body')
    const answer = route.answer({ state: this.#state(anonymous), id: params['id'] ?? '', query: query as never, body: given as never })
    if (answer.status === 200 && [...this.unservable].some((id) => holdsIssue(answer.body.toString(), id, this.unservableRows))) return failed(500, ['Internal server error'])
    return anonymous ? { ...answer, headers: { ...answer.headers, ...REFUSED_SIGN_IN } } : answer
  }

  protected refused(status: number, text: string): Answer {
    return failed(status, [text])
  }

  protected override loginPage(): Answer {
    return LOGIN_PAGE
  }

  #isKnown(authorization: string | undefined): boolean {
    return authorization === basicAuth(this.email, this.token) || (!this.#cloud && authorization === `Bearer ${this.token}`)
  }

  #state(anonymous: boolean): ServerState {
    const { world, limits, counters, rowsFrom, zoneMinutes, cursors, quirks } = this
    return { world, limits, counters, rowsFrom, zoneMinutes, quirks, cursors, tokenLifetimeMs: this.#tokenLifetimeMs, anonymous, cloud: this.#cloud, baseUrl: this.url }
  }
}

const UNAUTHORISED: Answer = html(401, '<html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1></body></html>', {
  'www-authenticate': 'OAuth realm="jira"',
  ...REFUSED_SIGN_IN,
})
