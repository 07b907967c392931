import { createJiraConnector } from '../../../../../packages/connector-jira/src/plugin.ts'
import type { SourceJob, SyncReport } from '@qdrant-loader/core/pipeline'
import { JiraSimulator, LOGIN_PAGE } from '@qdrant-loader/simulators'
import { expect } from 'vitest'
import { documentsOf, expectIssue, expectWorld, type Selected, selectedIssues } from './expectation.ts'
import { act, type JiraScene, liveOn, openScene, rename } from './history.ts'
import { randomFrom } from '../git/random-history.ts'
import { type BenchSyncOptions, cleanBuildOf, SyncBench, type SyncBenchOptions } from '../sync-bench.ts'

type Random = () => number

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** What a history runs under: the configuration, and the same once more for the expectation. */
interface Setting {
  readonly keys: Readonly<Record<string, unknown>>
  readonly selected: Selected
  /** Projects that may be lost on the way. With a free query a lost project is an error. */
  readonly losable: readonly string[]
  /** With a free query, what the index says is what is selected. */
  readonly free?: boolean
}

const TEXT_FIELDS = { 'Acceptance criteria': 'customfield_10032', Customer: 'customfield_10031' }
const CONTENT_FIELDS = { Checklist: 'customfield_10044' }
const OTHER_FIELDS = [
  'Epic Link',
  'Parent Link',
  'Request Type',
  'Satisfaction',
  'Story point estimate',
  'Sprint',
  'Target date',
  'Escalated at',
  'Reviewer',
  'Approvers',
  'Severity',
  'Platforms',
  'Region',
  'Tags',
  'Target version',
  'Backport versions',
  'Runbook',
  'Environment',
]

const SETTINGS: readonly Setting[] = [
  {
    keys: {
      project_key: ['ABC', 'XYZ'],
      include_comments: true,
      content_fields: Object.keys(CONTENT_FIELDS),
      extra_fields: [...Object.keys(TEXT_FIELDS), ...OTHER_FIELDS],
    },
    selected: { projectKeys: ['ABC', 'XYZ'], comments: true, textFields: [...Object.values(CONTENT_FIELDS), ...Object.values(TEXT_FIELDS)] },
    losable: ['ABC', 'XYZ'],
  },
  {
    keys: { project_key: 'ABC', issue_types: ['Story', 'Bug', 'Sub-task'], include_statuses: ['To Do', 'In Progress', 'Done'] },
    selected: { projectKeys: ['ABC'], types: ['Story', 'Bug', 'Sub-task'], statuses: ['To Do', 'In Progress', 'Done'], comments: false, textFields: [] },
    losable: ['ABC'],
  },
  {
    keys: { jql: 'project in (ABC, XYZ) AND labels = red ORDER BY key', include_comments: true },
    selected: { projectKeys: ['ABC', 'XYZ'], label: 'red', comments: true, textFields: [] },
    losable: [],
    free: true,
  },
]

/** A Jira, the two clocks, and a bench that reads it. */
class JiraHistory {
  readonly setting: Setting
  readonly deployment: 'cloud' | 'datacenter'
  readonly random: Random
  readonly jira: JiraSimulator
  readonly scene: JiraScene
  readonly steady: boolean
  readonly options: SyncBenchOptions
  bench: SyncBench | undefined
  /** Bodies that the last calm sync read. */
  contentRequests = 0
  #abort = new AbortController()

  constructor(jira: JiraSimulator, random: Random, setting: Setting, deployment: 'cloud' | 'datacenter', clocks: Clocks) {
    this.jira = jira
    this.random = random
    this.setting = setting
    this.deployment = deployment
    // In half of the histories every change moves `updated`, so that the changes alone have to lead to all of them.
    this.steady = setting.losable.length === 0 || random() < 0.5
    const configured = [...(setting.selected.types ?? []), ...(setting.selected.statuses ?? [])]
    this.scene = openScene(jira, random, { losable: this.steady ? [] : setting.losable, hidesRelated: setting.selected.types === undefined, configured, wait: clocks.pass })
    const credentials = deployment === 'cloud' ? { email: jira.email, token: jira.token } : { token: jira.token }
    const plugin = createJiraConnector({ sleep: (ms: number) => Promise.resolve(clocks.pass(ms)), now: clocks.client }) as SourceJob['plugin']
    this.options = {
      plugin,
      config: () => ({ base_url: jira.url, deployment_type: deployment, ...credentials, ...setting.keys }),
      now: clocks.client,
    }
  }

  /** Syncs while people go on working, things break, and the process may be stopped. */
  async troubled(): Promise<void> {
    const { random, jira } = this
    if (random() < 0.4) addFault(jira, random)
    const broken = random() < 0.2 ? [...jira.world.issues.keys()].filter(() => random() < 0.15) : []
    for (const id of broken) jira.unservable.add(id)
    jira.unservableRows = random() < 0.5
    const worksOn = random() < 0.4
    const stopAt = random() < 0.2 ? Math.floor(random() * 8) : Number.POSITIVE_INFINITY
    let answers = 0
    this.#abort = new AbortController()
    await this.#withoutWrongDeletion(async (changed) => {
      jira.afterAnswer = () => {
        answers += 1
        if (answers > stopAt) this.#abort.abort(new Error('stopped'))
        if (!worksOn || random() < 0.5 || answers > 20) return
        act(this.scene)
        changed()
      }
      const options = { signal: this.#abort.signal, ...(random() < 0.1 ? { mode: 'full' as const } : {}), ...(random() < 0.15 ? { fullListingIntervalMs: 0 } : {}) }
      try {
        await this.sync(options)
      } catch (error) {
        if (!this.#abort.signal.aborted) throw error
      } finally {
        jira.afterAnswer = undefined
        jira.faults.clear()
        jira.unservable.clear()
      }
    })
  }

  async sync(options: BenchSyncOptions = {}): Promise<SyncReport> {
    this.bench ??= await SyncBench.open(this.options)
    return this.bench.sync(options)
  }

  /** A sync that has to succeed. */
  async calm(where: string, options: BenchSyncOptions = {}): Promise<void> {
    await this.#withoutWrongDeletion(async () => {
      const report = await this.sync({ ...options, calm: true })
      expect(report.status, `${where}: ${JSON.stringify(report.sources[0]?.error)}`).toBe('succeeded')
      this.contentRequests = report.sources[0]?.requests.content ?? 0
    })
  }

  /** What was there and was selected all the while is there afterwards, also of a project that cannot be seen now. */
  async #withoutWrongDeletion(run: (changed: () => void) => Promise<void>): Promise<void> {
    const { jira, setting } = this
    const ids = (): ReadonlySet<string> => new Set(selectedIssues(jira, setting.selected, { lostProjectsToo: true }).keys())
    const before = this.bench === undefined ? new Set<string>() : documentsOf(await this.bench.export())
    let always = ids()
    await run(() => {
      always = both(always, ids())
    })
    const after = this.bench === undefined ? new Set<string>() : documentsOf(await this.bench.export())
    const kept = both(before, both(always, ids()))
    expect([...kept].filter((id) => !after.has(id)), 'deleted without a reason').toEqual([])
  }
}

function both(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((id) => other.has(id)))
}

interface Clocks {
  readonly server: () => number
  readonly client: () => number
  readonly pass: (ms: number) => void
  readonly set: (skewMs: number) => void
}

function clocks(): Clocks {
  let time = Date.UTC(2026, 2, 1, 12)
  let skew = 0
  return { server: () => time, client: () => time + skew, pass: (ms) => void (time += ms), set: (ms) => void (skew = ms) }
}

function one<const Choice extends string>(choices: readonly Choice[], random: Random): Choice {
  return choices[Math.floor(random() * choices.length)] as Choice
}

function addFault(jira: JiraSimulator, random: Random): void {
  const times = random() < 0.3 ? 40 : 1 + Math.floor(random() * 3)
  const after = Math.floor(random() * 5)
  const kind = Math.floor(random() * 8)
  const fault = [
    { kind: 'status', status: 429, retryAfter: '30' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'truncate' },
    { kind: 'drop' },
    { kind: 'warning' },
    { kind: 'issue-errors' },
    { kind: 'answer', ...LOGIN_PAGE },
  ] as const
  jira.faults.add(fault[kind] ?? fault[0], { times, after })
}

/** Runs one random history and compares with the world and with a clean build at its end. */
export async function runJiraHistory(seed: number, deployment: 'cloud' | 'datacenter'): Promise<void> {
  const random = randomFrom(seed)
  const setting = SETTINGS[seed % SETTINGS.length] as Setting
  const time = clocks()
  const skew = (): void => time.set(Math.floor((random() - 0.5) * 6 * HOUR))
  await using jira = await JiraSimulator.start({
    deployment,
    now: time.server,
    zoneMinutes: Math.floor(random() * 53 - 26) * 30,
    rowsFrom: random() < 0.5 ? 'index' : 'database',
    mentions: one(['live', 'as-written', 'without-text'], random),
    keysInText: one(['as-written', 'current'], random),
    emoticons: one(['images', 'text'], random),
    thumbnails: one(['image', 'around', 'link'], random),
    languages: new Set(random() < 0.5 ? ['ts', 'java'] : ['java']),
    closedProjects: one(['refused', 'empty'], random),
    missingIds: one(['named', 'silent', 'unnamed', 'strict'], random),
    bucket: random() < 0.2 ? { requests: 4, seconds: 60, retryAfter: one(['seconds', 'zero', 'none'], random), headers: random() < 0.5 } : undefined,
    tokenLifetimeMs: random() < 0.1 ? 1 : 7 * 24 * HOUR,
    pageLimits: { ids: 5 + Math.floor(random() * 40), light: 2 + Math.floor(random() * 9), rows: 2 + Math.floor(random() * 9), comments: 3 + Math.floor(random() * 20) },
    ...(deployment === 'datacenter' ? { prefix: '/jira' } : {}),
  })
  const lag = setting.free === true ? 0 : Math.floor(random() * 10) * MINUTE
  jira.world.index.lag = () => Math.floor(random() * lag)
  const history = new JiraHistory(jira, random, setting, deployment, time)
  const where = `${deployment}, seed ${seed}`
  try {
    for (let rounds = 2 + Math.floor(random() * 4); rounds > 0; rounds -= 1) {
      skew()
      await history.troubled()
      liveOn(history.scene)
      time.pass(random() < 0.5 ? Math.floor(random() * MINUTE) : Math.floor(random() * 72 * HOUR))
    }
    // Ahead of all before: the host takes the next complete listing for due by its own clock.
    time.set(3 * HOUR)
    await settle(history, time, where)
  } finally {
    await history.bench?.close()
  }
  expect(jira.violations, where).toEqual([])
}

/** The world comes to rest: what changed is found by what changed alone, and a census makes all equal. */
async function settle(history: JiraHistory, time: Clocks, where: string): Promise<void> {
  const { jira, setting, scene, options } = history
  for (const project of scene.projects) Object.assign(project, { visible: true, browsable: true, archived: false })
  const before = history.bench === undefined ? new Set<string>() : documentsOf(await history.bench.export())
  time.pass(12 * MINUTE)
  await history.calm(`${where}, changes only`)
  const bench = history.bench
  if (bench === undefined) throw new Error('no bench')
  if (history.steady) {
    const points = await bench.export()
    for (const issue of selectedIssues(jira, setting.selected).values()) expectIssue(points, issue, jira, setting.selected, `${where}, changes only`)
  }
  for (let count = 0; count < 3; count += 1) rename(scene)
  for (let census = 1; census <= 2; census += 1) {
    time.pass(20 * MINUTE)
    await history.calm(`${where}, census ${census}, ${before.size} documents before`, { fullListingIntervalMs: 0 })
  }
  const clean = await cleanBuildOf(options)
  expectWorld(clean, jira, setting.selected, where)
  expect(await bench.export(), `${where}: incremental against clean`).toEqual(clean)
  time.pass(5 * MINUTE)
  await history.calm(`${where}, unchanged`, { fullListingIntervalMs: 0 })
  expect({ ...bench.counts }, `${where}: a run without a change`).toEqual({ embedded: 0, upserted: 0, payloads: 0, deleted: 0 })
  expect(history.contentRequests, `${where}: bodies read without a change`).toBe(0)
}
