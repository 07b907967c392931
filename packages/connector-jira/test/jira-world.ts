import type { World } from '@qdrant-loader/connector-testkit'
import { ignoredPositions, JiraSimulator } from '@qdrant-loader/simulators'

const START = Date.parse('2026-03-01T08:00:00.000Z')
const MINUTE = 60_000
const PAGE = 4

/** A project of a simulated Jira, each document an issue whose description is the text. */
export class JiraWorld implements World {
  readonly simulator: JiraSimulator
  readonly pageSize = PAGE
  readonly config: Readonly<Record<string, unknown>>
  readonly secrets: readonly string[]
  readonly projectId: string
  readonly #clock: { time: number }
  readonly #ids = new Map<string, string>()

  private constructor(simulator: JiraSimulator, deployment: 'cloud' | 'datacenter', clock: { time: number }) {
    this.simulator = simulator
    this.#clock = clock
    this.projectId = simulator.world.createProject('DOCS').id
    const other = simulator.world.createProject('OTHER').id
    simulator.world.createIssue(other, { summary: 'Of another project' })
    this.secrets = [simulator.token]
    this.config = {
      base_url: simulator.url,
      deployment_type: deployment,
      project_key: 'DOCS',
      token: simulator.token,
      ...(deployment === 'cloud' && { email: simulator.email }),
    }
  }

  static async create(deployment: 'cloud' | 'datacenter'): Promise<JiraWorld> {
    const clock = { time: START }
    const simulator = await JiraSimulator.start({ deployment, pageLimits: { ids: PAGE, light: PAGE, rows: PAGE }, now: () => clock.time, token: 'the-secret-token', ...(deployment === 'datacenter' && { prefix: '/jira' }) })
    return new JiraWorld(simulator, deployment, clock)
  }

  now(): number {
    return this.#clock.time
  }

  documents(): ReadonlyMap<string, string> {
    const { world } = this.simulator
    return new Map(
      [...this.#ids.values()].map((id) => {
        const { summary, description } = world.issue(id)
        return [id, `# ${summary}\n\n${String(description).replace(/^#/gm, '##').trim()}\n`]
      }),
    )
  }

  write(name: string, text: string): void {
    const { world } = this.simulator
    const known = this.#ids.get(name)
    if (known === undefined) this.#ids.set(name, world.createIssue(this.projectId, { summary: name, description: text }).id)
    else world.editIssue(known, { description: text })
  }

  remove(name: string): void {
    this.simulator.world.deleteIssue(this.#id(name))
    this.#ids.delete(name)
  }

  rename(from: string, to: string): void {
    // A key says where an issue is; it comes and goes with moves, and the identity stays.
    const { world } = this.simulator
    const aside = world.createProject(`P${world.projects.size}`).id
    world.moveIssue(this.#id(from), aside)
    world.moveIssue(this.#id(from), this.projectId)
    this.#ids.set(to, this.#id(from))
    this.#ids.delete(from)
  }

  touch(name: string): void {
    const { world } = this.simulator
    const id = this.#id(name)
    world.transition(id, world.issue(id).status === 'Done' ? 'To Do' : 'Done')
  }

  settle(): void {
    this.#clock.time += MINUTE
  }

  fail(): void {
    // What is tried again and again takes its time; a proxy that wants a sign-in fails at once.
    const body = '<html><title>Sign in</title><form><input type="password"></form></html>'
    this.simulator.faults.stay({ kind: 'answer', status: 200, contentType: 'text/html', headers: {}, body })
  }

  breakOff(afterRequests: number, requests = Number.POSITIVE_INFINITY): void {
    this.simulator.heal()
    this.simulator.faults.add({ kind: 'drop' }, { after: afterRequests, times: requests })
  }

  refuse(): void {
    // Servers repeat what they were given.
    this.simulator.breakOff(0, { kind: 'status', status: 401, text: `The token ${this.simulator.token} is not valid.` })
  }

  repeat(): void {
    this.simulator.byHand = ignoredPositions('startAt', 'nextPageToken')
  }

  stall(): void {
    this.simulator.breakOff(0, { kind: 'delay', ms: Number.POSITIVE_INFINITY })
  }

  spoil(name: string): void {
    this.simulator.unservable.add(this.#id(name))
  }

  heal(): void {
    this.simulator.heal()
    this.simulator.byHand = undefined
    this.simulator.unservable.clear()
  }

  async dispose(): Promise<void> {
    await this.simulator.close()
  }

  #id(name: string): string {
    const id = this.#ids.get(name)
    if (id === undefined) throw new Error(`there is no issue ${name}`)
    return id
  }
}
