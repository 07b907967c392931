import connector from '@qdrant-loader/connector-confluence'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { SourceJob, SyncReport } from '@qdrant-loader/core/pipeline'
import { type ConfluenceFault, ConfluenceSimulator } from '@qdrant-loader/simulators'
import { expect } from 'vitest'
import { ConfluenceHistory } from './history.ts'
import { configOf, drawQuirks, drawSetting, drawSpaces, type Setting } from './setting.ts'
import { Truth } from './truth.ts'
import { randomFrom } from '../git/random-history.ts'
import { type BenchSyncOptions, cleanBuildOf, type ExportedPoint, SyncBench, type SyncBenchOptions } from '../sync-bench.ts'

const MINUTE = 60_000
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

/** One history: changes, syncs, faults, and what must hold after each sync and in the end. */
export async function runConfluenceHistory(seed: number, deployment: 'cloud' | 'datacenter'): Promise<void> {
  const random = randomFrom(seed)
  const clock = { now: Date.UTC(2026, 4, 10, 12) }
  /** Clocks of clients are wrong, now and then by hours. */
  const ahead = random() < 0.5 ? 0 : Math.floor(random() * 10 - 5) * 60 * MINUTE
  const lag = random() < 0.5 ? 0 : Math.floor(random() * 30) * MINUTE
  const trashNeedsAdmin = deployment === 'datacenter' && random() < 0.3
  const quirks = drawQuirks(random, deployment)
  await using simulator = await ConfluenceSimulator.start({
    deployment,
    now: () => clock.now,
    indexLagMs: lag,
    tellsTime: random() < 0.9,
    // Small pages, so that each listing has several.
    caps: random() < 0.5 ? { plain: 7, expanded: 5, bodies: 3, v2: 4 } : { plain: 4, expanded: 3, bodies: 2, v2: 3 },
    ...quirks,
    searchShowsArchived: deployment === 'cloud' && random() < 0.5,
    searchRefusesUnknownSpaces: random() < 0.5,
    getShowsTrashed: random() < 0.5,
    trashNeedsAdmin,
  })
  simulator.timeZoneMinutes = Math.floor(random() * 27 - 12) * 60
  const spaces = drawSpaces(random, deployment)
  const history = new ConfluenceHistory(simulator, { random, clock, spaces, people: true })
  history.advance(10)
  const setting = drawSetting(random, simulator, { deployment, spaces, trashNeedsAdmin })
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
      await run.disturbedSync(`round ${round}`)
      if (random() < 0.5) await run.expectEditsSeen(clock, `round ${round}`)
      history.advance()
      clock.now += Math.floor(random() * random() * 72 * 60) * MINUTE
    }
    await run.settle(clock)
    run.withEmptyPages()
    const clean = await cleanBuildOf(options)
    run.expectWorld(clean)
    await run.expectSameAs(clean)
    await run.expectNothingToDo()
    expect(simulator.violations, `seed ${seed} ${deployment}: requests that no real server understands`).toEqual([])
  } finally {
    await bench.close()
  }
}

class Run {
  readonly #where: string
  readonly #simulator: ConfluenceSimulator
  readonly #history: ConfluenceHistory
  readonly #setting: Setting
  readonly #truth: Truth
  readonly #bench: SyncBench
  readonly #random: Random
  #listed = false
  /** A space may have shown nothing to a search, since it was last listed as a whole. */
  #blinded = false

  constructor(seed: number, simulator: ConfluenceSimulator, history: ConfluenceHistory, setting: Setting, bench: SyncBench, random: Random) {
    this.#where = `seed ${seed} ${setting.deployment}`
    this.#simulator = simulator
    this.#history = history
    this.#setting = setting
    this.#truth = new Truth(simulator, history, setting)
    this.#bench = bench
    this.#random = random
  }

  /** A sync among faults, changes in the middle of listings and sudden ends. */
  async disturbedSync(where: string): Promise<void> {
    const [kill, listing, changed] = [new AbortController(), this.#random() < 0.5, this.#history.spacesChanged]
    const lasting = this.#disturb(kill)
    const there = new Set(this.#pagesWithText())
    const changes = () => intersect(there, this.#pagesWithText())
    const report = await this.#sync(where, { ...(listing ? { fullListingIntervalMs: 0 } : {}), signal: kill.signal }, changes)
    this.#simulator.faults.clear()
    if (this.#random() < 0.6) this.#history.mendAll(this.#simulator)
    // A space that shows no page yet is as good as an empty one.
    const saw = this.#history.seesAllSpaces() && this.#history.spacesChanged === changed
    const complete = report?.status === 'succeeded' && (listing || !this.#listed) && !lasting && saw
    this.#listed ||= report?.status === 'succeeded'
    if (complete) this.#blinded = false
    if (!complete) return
    const stored = await this.#stored()
    const missed = [...there].map((place) => place.split(' ')[0] ?? '').filter((id) => !stored.has(id))
    expect(missed, `${this.#where}, ${where}: there all the time, and a complete listing did not see it`).toEqual([])
  }

  /**
   * What bumps a version is seen by a run that lists nothing, however late the index showed it, and whatever happened
   * in the middle of the run before: edits and new pages. (What comes into sight or selection by other means waits for
   * the listing, and so do edits in spaces that searches leave out, or that show nothing for a while.)
   */
  async expectEditsSeen(clock: { now: number }, where: string): Promise<void> {
    const from = clock.now
    if (this.#random() < 0.5) this.#changeInBetween(0.3)
    const begun = await this.#sync(where)
    if (begun?.status !== 'succeeded') return
    this.#listed = true
    this.#history.advance()
    clock.now += 60 * MINUTE
    const report = await this.#sync(where, { calm: true })
    if (report?.status !== 'succeeded' || this.#blinded) return
    const texts = textsOf(await this.#bench.export())
    for (const [id, lines] of this.#truth.live()) {
      const content = this.#simulator.world.content(id.replace('comment/', ''))
      if (this.#history.archived.has(this.#simulator.world.spaceOf(content).key)) continue
      const isNew = content.createdAt >= from && content.type !== 'comment'
      if (!texts.has(id) && !isNew) continue
      // Hidden while its text was to be read, it comes into sight by other means.
      if (this.#history.wasUnseen(content.containerId ?? content.id)) continue
      for (const line of lines) expect(texts.get(id) ?? '', `${this.#where}, ${where}: ${id} was edited or is new, and a run did not see it`).toContain(line)
    }
  }

  /**
   * One sync. Whatever happens, nothing is deleted wrongly: neither what is live, selected and visible all the time, nor
   * (under `on_hidden: keep`) what cannot be seen all the time.
   */
  async #sync(where: string, options: BenchSyncOptions = {}, onChange = () => {}): Promise<SyncReport | undefined> {
    const [before, changed] = [await this.#stored(), this.#history.spacesChanged]
    const stay = new Set(this.#staying(before))
    this.#changed = () => {
      intersect(stay, this.#staying(before))
      onChange()
    }
    let report: SyncReport | undefined
    try {
      report = await this.#bench.sync(options)
    } catch (error) {
      if (options.signal?.aborted !== true) throw error
    }
    this.#simulator.onRequest = undefined
    this.#blinded ||= !this.#history.seesAllSpaces() || this.#history.spacesChanged > changed
    const after = await this.#stored()
    const wronged = [...before].filter((id) => stay.has(id) && !after.has(id))
    expect(wronged, `${this.#where}, ${where}: deleted wrongly; the run ${report?.status ?? 'was killed'}`).toEqual([])
    return report
  }

  #changed: () => void = () => {}

  #staying(stored: ReadonlySet<string>): Set<string> {
    const kept = this.#setting.keepsHidden ? this.#invisible(stored) : []
    return new Set([...this.#truth.withText(), ...kept])
  }

  #invisible(ids: Iterable<string>): Set<string> {
    return this.#truth.invisible(ids, (comment) => this.#history.pageOf.get(comment))
  }

  /** Returns whether a fault may come that is more than a passing one. */
  #disturb(kill: AbortController): boolean {
    const [random, simulator] = [this.#random, this.#simulator]
    if (random() < 0.3) simulator.faults.add(this.#pick(PASSING), { after: Math.floor(random() * 12) })
    if (random() < 0.25) this.#history.breakOne(simulator)
    const lasting = random() < 0.15
    if (lasting) simulator.faults.add(this.#pick(LASTING), { after: Math.floor(random() * 12) })
    const chance = random() < (this.#listed ? 0.3 : 0.6) ? 0.25 : 0
    const end = random() < 0.15 ? Math.floor(random() * 15) : Number.POSITIVE_INFINITY
    const expiry = random() < 0.1 ? Math.floor(random() * 10) : Number.POSITIVE_INFINITY
    this.#changeInBetween(chance, (count) => {
      if (count === end) kill.abort(new Error('killed by the test'))
      if (count === expiry) simulator.cursors.expire()
    })
    return lasting
  }

  /** Things change in the middle of the next run. */
  #changeInBetween(chance: number, onRequest: (count: number) => void = () => {}): void {
    let count = 0
    this.#simulator.onRequest = () => {
      onRequest(count)
      if (chance > 0 && this.#random() < chance) {
        // What goes makes the rows after it move.
        if (this.#random() < 0.5) this.#history.putAway()
        else this.#history.step()
        this.#changed()
      }
      count += 1
    }
  }

  /** Nothing changes and nothing goes wrong any more: two complete listings confirm what is gone. */
  async settle(clock: { now: number }): Promise<void> {
    this.#history.regainSpaces()
    this.#history.mendAll(this.#simulator)
    clock.now += 60 * MINUTE
    this.#simulator.world.index.catchUp()
    for (let turn = 0; turn < 3; turn += 1) {
      clock.now += MINUTE
      this.withEmptyPages()
      const report = await this.#sync('settling', { fullListingIntervalMs: 0, calm: true })
      expect(report?.status, `${this.#where}, undisturbed sync ${turn}: ${JSON.stringify(report?.sources[0]?.error)}`).toBe('succeeded')
      const confirmed = this.#setting.keepsHidden ? {} : { unconfirmed: 0 }
      if (turn === 2) expect(report?.totals.documents, this.#where).toMatchObject({ ...confirmed, held: 0, failed: 0 })
    }
  }

  /** Pages of results that are empty and lead on are no fault: any listing may have them. */
  withEmptyPages(): void {
    this.#simulator.faults.clear()
    for (let after = 0; after < 12; after += 3) this.#simulator.faults.add({ kind: 'empty-page' }, { after })
  }

  /** Exactly the selected documents, no line of their text missing, and what is around them. */
  expectWorld(points: readonly ExportedPoint[]): void {
    const [texts, live] = [textsOf(points), this.#truth.live()]
    // A page whose only text is what it includes has none of its own lines, yet is a document; so is a page with a title alone.
    const unexpected = [...texts.keys()].filter((id) => !live.has(id))
    expect(unexpected, `${this.#where}: documents that are not selected`).toEqual([])
    for (const [id, lines] of live) {
      if (lines.length > 0) expect(texts.has(id), `${this.#where}: ${id} is missing`).toBe(true)
      for (const line of lines) expect(texts.get(id), `${this.#where}: ${id} lacks a line`).toContain(line)
    }
    for (const { payload: { document_id: id, metadata } } of points) {
      const listed = ((metadata['attachments'] ?? []) as { name: string }[]).map(({ name }) => name)
      expect(listed, `${this.#where}: files on ${id}`).toEqual(this.#truth.filesOn(id))
      if (metadata['kind'] !== 'comment') expect(metadata['breadcrumbs'], `${this.#where}: above ${id}`).toEqual(this.#truth.breadcrumbsOf(id))
    }
  }

  /** What a clean build holds, and under `on_hidden: keep` what was seen once and cannot be seen any more. */
  async expectSameAs(clean: readonly ExportedPoint[]): Promise<void> {
    const points = await this.#bench.export()
    const inClean = new Set(clean.map(({ payload }) => payload.document_id))
    const more = points.map(({ payload }) => payload.document_id).filter((id) => !inClean.has(id))
    const kept = this.#setting.keepsHidden ? this.#invisible(more) : new Set()
    expect(points.filter(({ payload }) => !kept.has(payload.document_id)), `${this.#where}: incremental against clean`).toEqual(clean)
  }

  async expectNothingToDo(): Promise<void> {
    this.#simulator.faults.clear()
    this.#simulator.resetCounters()
    await this.#bench.sync({ fullListingIntervalMs: 0, calm: true })
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

  /** Live pages and blog posts with text, each with its space: what moves between spaces may be missed by a listing. */
  #pagesWithText(): Set<string> {
    const { world } = this.#simulator
    const pages = [...this.#truth.withText()].filter((id) => !id.startsWith('comment/'))
    return new Set(pages.map((id) => `${id} ${world.content(id).spaceId}`))
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item
  }
}

/** Takes out of a set what is not in the other. */
function intersect(set: Set<string>, other: ReadonlySet<string>): void {
  for (const one of set) if (!other.has(one)) set.delete(one)
}

/** The whole text of each document, with single spaces. */
function textsOf(points: readonly ExportedPoint[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const { payload } of points.toSorted((a, b) => a.payload.chunk_index - b.payload.chunk_index)) {
    texts.set(payload.document_id, `${texts.get(payload.document_id) ?? ''} ${payload.content}`.replaceAll(/\s+/g, ' '))
  }
  return texts
}
