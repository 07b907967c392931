import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connector } from '@qdrant-loader/connector-confluence'
import type { ConfluenceConfig, ConfluenceCursor } from '@qdrant-loader/connector-confluence'
import type { KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import { MemoryHost } from '@qdrant-loader/connector-testkit'
import { ConfluenceSimulator } from '@qdrant-loader/simulators'
import type { ConfluenceSimulatorOptions, ConfluenceWorld } from '@qdrant-loader/simulators'

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DEPLOYMENTS = ['cloud', 'datacenter'] as const

type Deployment = (typeof DEPLOYMENTS)[number]

/** A simulated Confluence with the space DEV, and a host that reads it. */
export class Stage implements AsyncDisposable {
  readonly server: ConfluenceSimulator
  /** The server's clock. */
  readonly clock: { now: number }
  /** How far the clock of the client is ahead of the server's, in milliseconds. */
  clientAhead = 0
  readonly #folder: string
  readonly #config: Readonly<Record<string, unknown>>
  readonly host: MemoryHost<ConfluenceConfig, ConfluenceCursor>

  private constructor(server: ConfluenceSimulator, clock: { now: number }, folder: string, config: Readonly<Record<string, unknown>>) {
    this.server = server
    this.clock = clock
    this.#folder = folder
    this.#config = config
    this.host = this.freshHost()
  }

  static async open(
    deployment: Deployment,
    config: Readonly<Record<string, unknown>> = {},
    options: Partial<ConfluenceSimulatorOptions> = {},
  ): Promise<Stage> {
    const clock = { now: Date.UTC(2026, 4, 10, 12) }
    const server = await ConfluenceSimulator.start({ deployment, now: () => clock.now, ...options })
    server.world.createSpace({ key: 'DEV', name: 'Development' })
    return new Stage(server, clock, await mkdtemp(join(tmpdir(), 'connector-confluence-')), config)
  }

  get world(): ConfluenceWorld {
    return this.server.world
  }

  get config(): Readonly<Record<string, unknown>> {
    const { url, email, token, world } = this.server
    return {
      base_url: url,
      deployment_type: world.deployment,
      space_key: 'DEV',
      ...(world.deployment === 'cloud' && { email }),
      token,
      ...this.#config,
    }
  }

  freshHost(config: Readonly<Record<string, unknown>> = {}): MemoryHost<ConfluenceConfig, ConfluenceCursor> {
    return new MemoryHost({
      plugin: connector,
      config: { ...this.config, ...config },
      configDirectory: this.#folder,
      cacheDirectory: this.#folder,
      now: () => this.clock.now + this.clientAhead,
    })
  }

  /** A page below the home page. */
  page(title: string, body: string, more: { readonly parent?: string; readonly labels?: readonly string[]; readonly space?: string } = {}): string {
    return this.world.createPage({ space: 'DEV', title, body, ...more }).id
  }

  /** Some time goes by, and a sync is done. */
  async sync(options: Parameters<MemoryHost<ConfluenceConfig, ConfluenceCursor>['sync']>[0] = {}) {
    this.clock.now += MINUTE
    this.server.resetCounters()
    return this.host.sync(options)
  }

  /** A sync with a complete listing. */
  sweep() {
    return this.sync({ listingDue: true })
  }

  stub(id: string) {
    const stub = this.host.documents.get(id)?.stub
    if (!stub) throw new Error(`${id} is not held`)
    return stub
  }

  text(id: string): string | undefined {
    return this.host.texts.get(id)
  }

  /** What is answered about these documents after a complete listing; `staged` ones are not in the host's look-up. */
  async judge(ids: readonly string[], staged: readonly string[] = [], config: Readonly<Record<string, unknown>> = {}): Promise<(Presence | undefined)[]> {
    const signal = new AbortController().signal
    const host = this.freshHost(config)
    const { source } = await host.open()
    const { known } = this.host
    const without: KnownDocuments = {
      ...known,
      ofMany: async (asked) => known.ofMany(asked.filter((id) => !staged.includes(id))),
    }
    for await (const _change of source.detector.detect({ mode: 'full', known: without }, signal)) void _change
    const answers = await source.detector.judge?.(ids, signal)
    await source.close(undefined)
    return ids.map((id) => answers?.get(id))
  }

  /** What a clean build holds equals what is held, in all that reaches a payload or a chunk. */
  async visible(host = this.host): Promise<unknown> {
    return [...host.documents.values()]
      .map(({ stub: { validators: _validators, ...stub }, document }) => ({ ...stub, ...document }))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  }

  async cleanBuild(): Promise<unknown> {
    const host = this.freshHost()
    await host.sync({ mode: 'full' })
    return this.visible(host)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    await rm(this.#folder, { recursive: true, force: true })
    if (this.server.violations.length > 0) throw new Error(`no real server understands ${this.server.violations.join('; ')}`)
  }
}
