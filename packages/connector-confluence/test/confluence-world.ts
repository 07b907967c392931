import { storageToMarkdown } from '@qdrant-loader/content'
import type { World } from '@qdrant-loader/connector-testkit'
import { ConfluenceSimulator, ignoredPositions } from '@qdrant-loader/simulators'

const HOUR = 3_600_000
const PAGE = 5

/** A Confluence space as the conformance suite changes it. Each name is the title of a page. */
export class ConfluenceTestWorld implements World {
  readonly lacks = { rename: 'a new title is a new version of the page, so the text is read again; changes.test.ts holds renames' }
  readonly simulator: ConfluenceSimulator
  readonly pageSize = PAGE
  readonly #clock: { now: number }
  readonly #ids = new Map<string, string>()
  #touches = 0
  #spoilt = ''

  private constructor(simulator: ConfluenceSimulator, clock: { now: number }) {
    this.simulator = simulator
    this.#clock = clock
  }

  static async create(deployment: 'cloud' | 'datacenter'): Promise<ConfluenceTestWorld> {
    const clock = { now: Date.UTC(2026, 4, 10, 12) }
    const simulator = await ConfluenceSimulator.start({ deployment, caps: { plain: PAGE, expanded: PAGE, bodies: PAGE, v2: PAGE }, now: () => clock.now })
    simulator.timeZoneMinutes = 14 * 60
    const { world } = simulator
    world.createSpace({ key: 'DEV', name: 'Development' })
    // What a connector must not take for a document, whatever happens to the others.
    world.createSpace({ key: 'OPS', name: 'Operations' })
    world.createPage({ space: 'OPS', title: 'alpha', body: '<p>Another space.</p>' })
    world.createPage({ space: 'DEV', title: 'Secret', body: '<p>Left out.</p>', labels: ['private'] })
    const archived = world.createPage({ space: 'DEV', title: 'Old', body: '<p>Archived.</p>' })
    if (deployment === 'cloud') world.archivePage(archived.id)
    else world.trash(archived.id)
    world.addAttachment(world.space('DEV').homepageId ?? '', 'plan.pdf')
    return new ConfluenceTestWorld(simulator, clock)
  }

  get config(): Readonly<Record<string, unknown>> {
    const { simulator } = this
    return {
      base_url: simulator.url,
      deployment_type: simulator.world.deployment,
      space_key: 'DEV',
      ...(simulator.world.deployment === 'cloud' && { email: simulator.email }),
      token: simulator.token,
      exclude_labels: 'private',
    }
  }

  get secrets(): readonly string[] {
    return [this.simulator.token]
  }

  now(): number {
    return this.#clock.now
  }

  documents(): ReadonlyMap<string, string> {
    const pages = [...this.#ids.values()].map((id) => this.simulator.world.content(id))
    return new Map(pages.map(({ id, body }) => [id, storageToMarkdown(body, { baseUrl: this.simulator.url }).markdown]))
  }

  write(name: string, text: string): void {
    const { world } = this.simulator
    const body = text.split('\n').filter((line) => line !== '').map((line) => `<p>${escaped(line)}</p>`).join('')
    const id = this.#ids.get(name)
    if (id === undefined) this.#ids.set(name, world.createPage({ space: 'DEV', title: name, body }).id)
    else world.edit(id, body)
  }

  remove(name: string): void {
    this.simulator.world.trash(this.#idOf(name))
    this.#ids.delete(name)
  }

  touch(name: string): void {
    this.#touches += 1
    this.simulator.world.setLabels(this.#idOf(name), [`touched-${this.#touches}`])
  }

  settle(): void {
    this.#clock.now += 2 * HOUR
  }

  fail(): void {
    this.simulator.faults.stay({ kind: 'login-page' })
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
    this.simulator.byHand = ignoredPositions('start', 'cursor')
  }

  stall(): void {
    this.simulator.breakOff(0, { kind: 'delay', ms: Number.POSITIVE_INFINITY })
  }

  spoil(name: string): void {
    this.#spoilt = this.#idOf(name)
    this.simulator.broken.add(this.#spoilt, { in: ['text'] })
  }

  heal(): void {
    this.simulator.heal()
    this.simulator.byHand = undefined
    this.simulator.broken.mend(this.#spoilt)
  }

  async dispose(): Promise<void> {
    const { violations } = this.simulator
    await this.simulator.close()
    if (violations.length > 0) throw new Error(`no real server understands ${violations.join('; ')}`)
  }

  #idOf(name: string): string {
    const id = this.#ids.get(name)
    if (id === undefined) throw new Error(`there is no page ${name}`)
    return id
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
