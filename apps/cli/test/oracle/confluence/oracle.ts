import connector from '@qdrant-loader/connector-confluence'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { SourceJob, SyncReport } from '@qdrant-loader/core'
import { type ConfluenceFault, ConfluenceSimulator, type SimulatedContent } from '@qdrant-loader/simulators'
import { expect } from 'vitest'
import { ConfluenceHistory } from './history.ts'
import { randomFrom } from '../git/random-history.ts'
import { cleanBuildOf, type ExportedPoint, SyncBench, type SyncBenchOptions } from '../sync-bench.ts'

const MINUTE = 60_000
const READ = ['DEV', 'OPS']
/** Each costs a pause of up to half a second before the client tries again. */
const PASSING: readonly ConfluenceFault[] = [
  { kind: 'status', status: 429, retryAfter: '0' },
  { kind: 'status', status: 503 },
  { kind: 'truncate' },
  { kind: 'drop' },
  { kind: 'empty-page' },
]
const LASTING: readonly ConfluenceFault[] = [{ kind: 'login-page' }, { kind: 'status', status: 400 }, { kind: 'status', status: 403 }, { kind: 'status', status: 404 }]

type Random = () => number

/** What is varied between histories. */
interface Setting {
  readonly deployment: 'cloud' | 'datacenter'
  readonly comments: boolean
  readonly unwanted: readonly string[]
  /** The id of a page below which alone is read. */
  readonly ancestor: string | undefined
}

/** One history: changes, syncs, faults, and what must hold after each sync and in the end. */
export async function runConfluenceHistory(seed: number, deployment: 'cloud' | 'datacenter'): Promise<void> {
  const random = randomFrom(seed)
  const clock = { now: Date.UTC(2026, 4, 10, 12) }
  /** Clocks of clients are wrong, now and then by hours. */
  const ahead = random() < 0.5 ? 0 : Math.floor(random() * 10 - 5) * 60 * MINUTE
  const lag = random() < 0.5 ? 0 : Math.floor(random() * 30) * MINUTE
  await using simulator = await ConfluenceSimulator.start({
    deployment,
    now: () => clock.now,
    indexLagMs: lag,
    tellsTime: random() < 0.9,
    // Small pages, so that each listing has several.
    caps: { plain: 7, expanded: 5, bodies: 3, v2: 4 },
    searchShowsArchived: deployment === 'cloud' && random() < 0.5,
    searchRefusesUnknownSpaces: random() < 0.5,
    getShowsTrashed: random() < 0.5,
  })
  simulator.timeZoneMinutes = Math.floor(random() * 27 - 12) * 60
  const history = new ConfluenceHistory(simulator, { random, clock, people: true })
  history.advance(10)
  const setting: Setting = {
    deployment,
    comments: random() < 0.6,
    unwanted: random() < 0.7 ? ['private'] : [],
    ancestor: random() < 0.2 ? simulator.world.space('DEV').homepageId : undefined,
  }
  const options: SyncBenchOptions = {
    plugin: connector as SourceJob['plugin'],
    config: () => configOf(simulator, setting),
    now: () => clock.now + ahead,
  }
  const bench = await SyncBench.open(options)
  const run = new Run(seed, simulator, history, setting, bench, random)
  try {
    const rounds = 3 + Math.floor(random() * 3)
    for (let round = 0; round < rounds; round += 1) {
      await run.disturbedSync(`seed ${seed} ${deployment}, round ${round}`)
      if (random() < 0.5) await run.expectEditsSeen(clock, `seed ${seed} ${deployment}, round ${round}`)
      history.advance()
      clock.now += Math.floor(random() * random() * 72 * 60) * MINUTE
    }
    await run.settle(clock)
    run.withEmptyPages()
    const clean = await cleanBuildOf(options)
    run.expectWorld(clean)
    expect(await bench.export(), `seed ${seed} ${deployment}: incremental against clean`).toEqual(clean)
    await run.expectNothingToDo()
    expect(simulator.violations, `seed ${seed} ${deployment}: requests that no real server understands`).toEqual([])
  } finally {
    await bench.close()
  }
}

function configOf({ url, email, token }: ConfluenceSimulator, { deployment, comments, unwanted, ancestor }: Setting): unknown {
  return {
    base_url: url,
    deployment_type: deployment,
    space_key: READ,
    ...(deployment === 'cloud' ? { email } : {}),
    token,
    include_comments: comments,
    ...(unwanted.length === 0 ? {} : { exclude_labels: unwanted }),
    ...(ancestor === undefined ? {} : { ancestors: ancestor }),
  }
}

class Run {
  readonly #where: string
  readonly #simulator: ConfluenceSimulator
  readonly #history: ConfluenceHistory
  readonly #setting: Setting
  readonly #bench: SyncBench
  readonly #random: Random

  constructor(seed: number, simulator: ConfluenceSimulator, history: ConfluenceHistory, setting: Setting, bench: SyncBench, random: Random) {
    this.#where = `seed ${seed} ${setting.deployment}`
    this.#simulator = simulator
    this.#history = history
    this.#setting = setting
    this.#bench = bench
    this.#random = random
  }

  /** A sync among faults, changes in the middle of listings and sudden ends; whatever happens, nothing is deleted wrongly. */
  async disturbedSync(where: string): Promise<void> {
    const before = await this.#stored()
    /** All the time, not only before and after. */
    let live = this.#withText()
    const kill = new AbortController()
    this.#disturb(kill, () => (live = new Set(this.#withText().values().filter((id) => live.has(id)))))
    let report: SyncReport | undefined
    try {
      report = await this.#bench.sync({ ...(this.#random() < 0.5 ? { fullListingIntervalMs: 0 } : {}), signal: kill.signal })
    } catch (error) {
      if (!kill.signal.aborted) throw error
    }
    this.#simulator.onRequest = undefined
    this.#simulator.faults.clear()
    const after = await this.#stored()
    const wronged = [...before].filter((id) => live.has(id) && !after.has(id))
    expect(wronged, `${where}: deleted although live, selected and visible; the run ${report?.status ?? 'was killed'}`).toEqual([])
  }

  /**
   * What bumps a version is seen by a run that lists nothing, however late the index showed it: edits and new pages.
   * (What comes into sight or selection by other means waits for the listing.)
   */
  async expectEditsSeen(clock: { now: number }, where: string): Promise<void> {
    const begun = await this.#bench.sync()
    if (begun.status !== 'succeeded') return
    const [from, simulator] = [clock.now, this.#simulator]
    this.#history.advance()
    clock.now += 60 * MINUTE
    const report = await this.#bench.sync()
    if (report.status !== 'succeeded') return
    const texts = textsOf(await this.#bench.export())
    for (const [id, lines] of this.#live()) {
      const content = simulator.world.content(id.replace('comment/', ''))
      const isNew = content.createdAt >= from && content.type !== 'comment'
      if (!texts.has(id) && !isNew) continue
      for (const line of lines) expect(texts.get(id) ?? '', `${where}: ${id} was edited or is new, and a run did not see it`).toContain(line)
    }
  }

  #disturb(kill: AbortController, changed: () => void): void {
    const [random, simulator] = [this.#random, this.#simulator]
    if (random() < 0.3) simulator.faults.add(this.#pick(PASSING), { after: Math.floor(random() * 12) })
    if (random() < 0.15) simulator.faults.add(this.#pick(LASTING), { after: Math.floor(random() * 12) })
    const changes = random() < 0.3
    const end = random() < 0.15 ? Math.floor(random() * 15) : Number.POSITIVE_INFINITY
    const expiry = random() < 0.1 ? Math.floor(random() * 10) : Number.POSITIVE_INFINITY
    let count = 0
    simulator.onRequest = () => {
      if (count === end) kill.abort(new Error('killed by the test'))
      if (count === expiry) simulator.cursors.expire()
      if (changes && random() < 0.2) {
        this.#history.step()
        changed()
      }
      count += 1
    }
  }

  /** Nothing changes and nothing goes wrong any more: two complete listings confirm what is gone. */
  async settle(clock: { now: number }): Promise<void> {
    this.#history.regainSpaces()
    clock.now += 60 * MINUTE
    this.#simulator.world.index.catchUp()
    for (let turn = 0; turn < 3; turn += 1) {
      clock.now += MINUTE
      this.withEmptyPages()
      const report = await this.#bench.sync({ fullListingIntervalMs: 0 })
      expect(report.status, `${this.#where}, undisturbed sync ${turn}: ${JSON.stringify(report.sources[0]?.error)}`).toBe('succeeded')
      if (turn === 2) expect(report.totals.documents, this.#where).toMatchObject({ unconfirmed: 0, held: 0, failed: 0 })
    }
  }

  /** Pages of results that are empty and lead on are no fault: any listing may have them. */
  withEmptyPages(): void {
    this.#simulator.faults.clear()
    for (let after = 0; after < 12; after += 3) this.#simulator.faults.add({ kind: 'empty-page' }, { after })
  }

  /** Exactly the selected documents, and no line of their text missing. */
  expectWorld(points: readonly ExportedPoint[]): void {
    const texts = textsOf(points)
    const expected = new Map([...this.#live()].filter(([, lines]) => lines.length > 0))
    // A page whose only text is what it includes has none of its own lines, yet is a document; so is a page with a title alone.
    const unexpected = [...texts.keys()].filter((id) => !this.#live().has(id))
    expect(unexpected, `${this.#where}: documents that are not selected`).toEqual([])
    for (const [id, lines] of expected) {
      expect(texts.has(id), `${this.#where}: ${id} is missing`).toBe(true)
      for (const line of lines) expect(texts.get(id), `${this.#where}: ${id} lacks a line`).toContain(line)
    }
    for (const { payload } of points) {
      const listed = ((payload.metadata['attachments'] ?? []) as { name: string }[]).map(({ name }) => name)
      expect(listed, `${this.#where}: files on ${payload.document_id}`).toEqual(this.#filesOn(payload.document_id))
    }
  }

  #filesOn(id: string): string[] {
    const { world } = this.#simulator
    return world.attached(id).filter(({ type }) => type === 'attachment').map(({ title }) => title).toSorted()
  }

  async expectNothingToDo(): Promise<void> {
    this.#simulator.faults.clear()
    this.#simulator.resetCounters()
    await this.#bench.sync({ fullListingIntervalMs: 0 })
    expect({ ...this.#bench.counts, bodies: this.#simulator.bodiesServed }, `${this.#where}: a run without a change`).toEqual({
      embedded: 0,
      upserted: 0,
      payloads: 0,
      deleted: 0,
      bodies: 0,
    })
  }

  async #stored(): Promise<ReadonlySet<string>> {
    try {
      return new Set((await this.#bench.export()).map(({ payload }) => payload.document_id))
    } catch (error) {
      // No run has come as far as the store yet.
      if (isLoaderError(error) && error.code === 'store_not_open') return new Set()
      throw error
    }
  }

  /** Ids of live documents that have text of their own: others may have no points. */
  #withText(): Set<string> {
    return new Set(this.#live().entries().flatMap(([id, lines]) => (lines.length > 0 ? [id] : [])))
  }

  /** What is there for the client's account and selected, with its lines; contents of a lost space are not gone. */
  #live(): ReadonlyMap<string, readonly string[]> {
    const { world } = this.#simulator
    const live = new Map<string, readonly string[]>()
    for (const content of world.contents.values()) {
      const page = content.containerId === undefined ? content : world.content(content.containerId)
      if (content.type === 'attachment' || (content.type === 'comment' && !this.#setting.comments)) continue
      if (!this.#isSelected(page)) continue
      live.set(content.type === 'comment' ? `comment/${content.id}` : content.id, this.#history.lines.get(content.id) ?? [])
    }
    return live
  }

  /** An implementation of the configuration that owes nothing to the connector. */
  #isSelected(page: SimulatedContent): boolean {
    const { world } = this.#simulator
    const above = world.ancestors(page)
    const { ancestor, unwanted } = this.#setting
    if (page.status !== 'current' || !READ.includes(world.spaceOf(page).key)) return false
    if ([page, ...above].some(({ hidden }) => hidden)) return false
    if (ancestor !== undefined && ![page, ...above].some(({ id }) => id === ancestor)) return false
    return !page.labels.some((label) => unwanted.includes(label))
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item
  }
}

/** The whole text of each document, with single spaces. */
function textsOf(points: readonly ExportedPoint[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const { payload } of points.toSorted((a, b) => a.payload.chunk_index - b.payload.chunk_index)) {
    texts.set(payload.document_id, `${texts.get(payload.document_id) ?? ''} ${payload.content}`.replaceAll(/\s+/g, ' '))
  }
  return texts
}
