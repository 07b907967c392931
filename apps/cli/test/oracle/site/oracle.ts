import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { linesOf } from '@qdrant-loader/simulators'
import type { SyncReport } from '@qdrant-loader/core/pipeline'
import { expect } from 'vitest'
import { randomFrom } from '../git/random-history.ts'
import { siteBenchOptions } from './bench.ts'
import { SiteHistory } from './history.ts'
import { documentsOf, idOf } from './truth.ts'
import { cleanBuildOf, SyncBench } from '../sync-bench.ts'
import type { ExportedPoint } from '../sync-bench.ts'

/** Undisturbed runs that it may take until nothing is left to be confirmed. */
const RUNS_TO_SETTLE = 4

/** One random history of a site, with faults, interrupted runs, and syncs that are compared with a clean build. */
export async function runSiteHistory(seed: number): Promise<void> {
  const random = randomFrom(seed)
  const history = await SiteHistory.begin(random)
  const oracle = await SiteOracle.open(history, seed)
  try {
    const rounds = 2 + Math.floor(random() * (random() < 0.2 ? 10 : 4))
    for (let round = 1; round <= rounds; round += 1) {
      const kind = random()
      if (kind < 0.35) await oracle.disturbedSync(round, history.breakDown())
      else if (kind < 0.5) await oracle.interruptedSync(round, Math.floor(random() * 20))
      else if (kind < 0.65) await oracle.plainSync(random() < 0.3 ? 'full' : 'incremental')
      else await oracle.settle(round)
      if (random() < 0.1) history.change()
      history.advance()
    }
    await oracle.settle(rounds + 1)
    await oracle.expectNothingToDo()
  } finally {
    await oracle.close()
    await history.site.close()
  }
}

class SiteOracle {
  readonly #history: SiteHistory
  readonly #bench: SyncBench
  readonly #seed: number
  /** The next run goes on where an interrupted one was, with what that one read up to an hour ago. */
  #resumes = false

  private constructor(history: SiteHistory, bench: SyncBench, seed: number) {
    this.#history = history
    this.#bench = bench
    this.#seed = seed
  }

  static async open(history: SiteHistory, seed: number): Promise<SiteOracle> {
    return new SiteOracle(history, await SyncBench.open(siteBenchOptions(history.site, () => history.config, { checkpointEvery: 4 })), seed)
  }

  async plainSync(mode: 'full' | 'incremental'): Promise<void> {
    const report = await this.#bench.sync({ mode, calm: true })
    if (!isDoubtful(report)) expect(report.status, this.#named('a plain sync', report)).toBe('succeeded')
  }

  /** I3: whatever goes wrong, no page goes that is still there. */
  async disturbedSync(round: number, fault: string): Promise<void> {
    const before = await this.#documents()
    const report = await this.#bench.sync()
    const [after, there] = [await this.#documents(), this.#expected()]
    const lost = [...before].filter((id) => there.has(id) && !after.has(id))
    expect(lost, this.#named(`round ${round}: pages lost by ${fault}`, report)).toEqual([])
    this.#history.heal()
  }

  async interruptedSync(round: number, afterRequests: number): Promise<void> {
    const before = await this.#documents()
    const { site } = this.#history
    const controller = new AbortController()
    const asked = site.seen.length
    site.onRequest = () => site.seen.length - asked > afterRequests && controller.abort(new Error('interrupted'))
    this.#resumes = true
    const ended = await this.#bench.sync({ signal: controller.signal }).catch((error: unknown) => error)
    site.onRequest = undefined
    const [after, there] = [await this.#documents(), this.#expected()]
    const lost = [...before].filter((id) => there.has(id) && !after.has(id))
    expect(lost, `seed ${this.#seed}, round ${round}: pages lost by an interruption (${String(ended)})`).toEqual([])
  }

  /** I1: once nothing is left to be confirmed, the collection equals a clean build, and that equals the site. */
  async settle(round: number): Promise<void> {
    const where = `round ${round}`
    let waited = false
    for (let run = 1; ; run += 1) {
      const resumed = this.#resumes
      this.#resumes = false
      const report = await this.#bench.sync({ calm: true })
      const doubtful = isDoubtful(report)
      if (!doubtful) expect(report.status, this.#named(`${where}, run ${run}`, report)).toBe('succeeded')
      if (!resumed && !doubtful && report.totals.documents.unconfirmed === 0) {
        if (!waited && report.totals.shortfalls['dead_link'] !== undefined) {
          // Dead links are remembered, and asked for again after a month at the latest: until then they are named.
          waited = true
          this.#history.wait(31)
          continue
        }
        break
      }
      expect(run, this.#named(`${where}: something is never confirmed`, report)).toBeLessThan(RUNS_TO_SETTLE + (waited ? 1 : 0))
    }
    const { site, config } = this.#history
    const clean = await cleanBuildOf(siteBenchOptions(site, () => config))
    if (Object.keys(config).length === 0) this.#expectSite(clean, where)
    expect(await this.#bench.export(), `seed ${this.#seed}, ${where}: incremental against clean`).toEqual(clean)
  }

  async expectNothingToDo(): Promise<void> {
    await this.#bench.sync({ calm: true })
    expect({ ...this.#bench.counts }, `seed ${this.#seed}: a run without a change`).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
  }

  async close(): Promise<void> {
    await this.#bench.close()
  }

  /** What must not be lost: with a narrower configuration, pages may leave. */
  #expected(): Set<string> {
    if (this.#narrowed()) return new Set()
    return new Set([...documentsOf(this.#history.site).keys()].map(idOf))
  }

  #narrowed(): boolean {
    return Object.keys(this.#history.config).some((key) => key !== 'respect_robots' && key !== 'selectors')
  }

  async #documents(): Promise<Set<string>> {
    const { url } = this.#history.site
    try {
      return new Set((await this.#bench.export()).map(({ payload }) => payload.document_id.slice(url.length)))
    } catch (error) {
      // Before the first run that got as far as the store, there is none.
      if (isLoaderError(error) && error.code === 'store_not_open') return new Set()
      throw error
    }
  }

  /** Exactly the pages that a reader finds, no line of their text missing, and nothing of what is around it. */
  #expectSite(points: readonly ExportedPoint[], where: string): void {
    const { site } = this.#history
    const texts = new Map<string, string>()
    for (const { payload } of [...points].sort((a, b) => a.payload.chunk_index - b.payload.chunk_index)) {
      const id = payload.document_id.slice(site.url.length)
      texts.set(id, `${texts.get(id) ?? ''} ${payload.content}`)
    }
    const expected = documentsOf(site)
    expect([...texts.keys()].sort(), `seed ${this.#seed}, ${where}: documents of a clean build`).toEqual([...expected.keys()].map(idOf).sort())
    for (const [path, page] of expected) {
      const text = (texts.get(idOf(path)) ?? '').replace(/\s+/g, ' ')
      for (const line of linesOf(page)) expect(text, `seed ${this.#seed}, ${where}: ${path} lacks a line`).toContain(line.trim())
      expect(text, `seed ${this.#seed}, ${where}: ${path} holds what is around its content`).not.toMatch(/Go to \/|All rights reserved/)
    }
  }

  #named(what: string, report: SyncReport): string {
    const { status, sources } = report
    return `seed ${this.#seed}, ${what}: ${status} ${JSON.stringify(sources[0]?.error)} ${JSON.stringify(sources[0]?.documents)}`
  }
}

/** The run says itself that it does not believe what it saw: a sitemap that is suddenly gone, a site that shrank. */
function isDoubtful({ status, sources: [source] }: SyncReport): boolean {
  return status === 'partial' && /^public_docs_(?:shrunk|sitemap_lost)$/.test(source?.error?.code ?? '')
}
