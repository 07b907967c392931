import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJiraConnector } from '@qdrant-loader/connector-jira'
import { MemoryHost } from '@qdrant-loader/connector-testkit'
import type { JiraConfig, JiraCursor } from '@qdrant-loader/connector-jira'
import { JiraSimulator } from '@qdrant-loader/simulators'

type Host = MemoryHost<JiraConfig, JiraCursor>

export const DAY = 24 * 3_600_000
export const SIGNAL: AbortSignal = new AbortController().signal
/** The route of a search. */
export const SEARCH = { cloud: 'POST /rest/api/3/search/jql', datacenter: 'POST /rest/api/2/search' } as const

/** A simulated Jira with a project `ABC`, and a host that reads it. The clock stands still unless it is told to pass. */
export class JiraStage implements AsyncDisposable {
  readonly simulator: JiraSimulator
  readonly project: string
  readonly host: Host
  readonly #folder: string
  /** As the user writes it. */
  readonly config: Readonly<Record<string, unknown>>
  readonly #clock: { time: number }

  private constructor(simulator: JiraSimulator, folder: string, config: Readonly<Record<string, unknown>>, clock: { time: number }) {
    this.simulator = simulator
    this.#folder = folder
    this.config = config
    this.#clock = clock
    this.project = simulator.world.createProject('ABC').id
    this.host = this.newHost()
  }

  static async start(
    deployment: 'cloud' | 'datacenter',
    config: Readonly<Record<string, unknown>> = {},
    options: Partial<Parameters<typeof JiraSimulator.start>[0]> = {},
  ): Promise<JiraStage> {
    const clock = { time: Date.parse('2026-03-01T08:00:00.000Z') }
    const simulator = await JiraSimulator.start({ ...options, deployment, now: () => clock.time, ...(deployment === 'datacenter' && { prefix: '/jira' }) })
    const folder = await mkdtemp(join(tmpdir(), 'connector-jira-'))
    const base = {
      base_url: simulator.url,
      deployment_type: deployment,
      token: simulator.token,
      ...(deployment === 'cloud' && { email: simulator.email }),
      ...(config['jql'] === undefined && { project_key: 'ABC' }),
    }
    return new JiraStage(simulator, folder, { ...base, ...config }, clock)
  }

  get world(): JiraSimulator['world'] {
    return this.simulator.world
  }

  /** Another host, with nothing in its state. Its clock may be wrong by `skew` milliseconds. */
  newHost(config: Readonly<Record<string, unknown>> = {}, skew = 0): Host {
    return new MemoryHost({
      plugin: createJiraConnector({ sleep: () => Promise.resolve() }),
      config: { ...this.config, ...config },
      configDirectory: this.#folder,
      cacheDirectory: join(this.#folder, 'cache'),
      now: () => this.#clock.time + skew,
    })
  }

  /** The server's clock goes on. Default: a minute. */
  pass(ms = 60_000): void {
    this.#clock.time += ms
  }

  /** An issue of the project, a minute before now. */
  issue(input: Parameters<JiraSimulator['world']['createIssue']>[1] = {}): string {
    const { id } = this.world.createIssue(this.project, { summary: 'A summary', ...input })
    this.pass()
    return id
  }

  /** Requests to Jira since the last call. */
  takeRequests(): Readonly<Record<string, number>> {
    const requests = Object.fromEntries(this.simulator.requests)
    this.simulator.resetCounters()
    return requests
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.close()
    await rm(this.#folder, { recursive: true, force: true })
    if (this.simulator.violations.length > 0) throw new Error(`the connector asked wrongly: ${this.simulator.violations.join('; ')}`)
  }
}

/** The metadata of a held document. */
export function metadataOf(host: Host, id: string): Readonly<Record<string, unknown>> {
  return host.documents.get(id)?.stub.metadata ?? {}
}

/** The text of a held document. */
export function textOf(host: Host, id: string): string {
  return host.texts.get(id) ?? ''
}

/** What is held, without what differs from host to host. */
export function held(host: Host): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...host.documents].map(([id, { stub }]) => [id, { text: host.texts.get(id), metadata: stub.metadata, location: stub.location, scope: stub.scope }]))
}

/** What a clean build would hold. */
export async function cleanBuild(stage: JiraStage, config: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, unknown>>> {
  const host = stage.newHost(config)
  await host.sync()
  return held(host)
}

/** All of these requests. */
export function total(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}
