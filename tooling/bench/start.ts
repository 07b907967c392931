import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { profiledModules } from './loaded-modules.ts'
import type { LoadedModule } from './loaded-modules.ts'
import { type Command, measure, runCommand } from './measure.ts'
import { BenchRepository } from './repository.ts'
import { Workspace } from './workspace.ts'

// What it takes to start: processor time (user and system) of whole processes, what they start included, and the modules
// that a sync without changes loads. Bounds are on ratios.

const USAGE = `pnpm bench:start [--runs N] [--before FOLDER] [--json]

  --runs N         rounds that are counted (default 9); in each, every command runs 5 times, in turn
  --before FOLDER  another checkout of this repository, built, that is measured in the same rounds
  --json           print JSON instead of tables
`
/** Linux counts processor time in hundredths of a second: so many processes are measured together. */
const TOGETHER = 5
const FILES = 20_000

/** A figure, in milliseconds of one process. */
interface Figure {
  readonly name: string
  readonly cpuMs: number
  readonly wallMs: number
  readonly before?: { readonly cpuMs: number; readonly wallMs: number }
  /** Of processor time, to that of `of`. */
  readonly ratio?: { readonly of: string; readonly value: number; readonly bound: number; readonly passed: boolean }
}

interface Bound {
  readonly of: string
  readonly atMost: number
}

const BARE = 'node -e 0'
const FLOOR = 'node -e 0 + git fetch + git diff-tree'
const BOUNDS: Readonly<Record<string, Bound>> = {
  '--version': { of: BARE, atMost: 1.5 },
  '--help': { of: BARE, atMost: 4 },
  'unchanged Git sync': { of: FLOOR, atMost: 6 },
}

type Work = () => Promise<unknown>

async function main(): Promise<number> {
  const options = readOptions()
  if (options === undefined) return 2
  const root = mkdtempSync(join(tmpdir(), 'qdrant-loader-start-'))
  try {
    const home = join(root, 'home')
    mkdirSync(home)
    const repository = await BenchRepository.create(join(root, 'source.git'), FILES)
    const now = new Workspace(join(root, 'now'), home, repository)
    const before = options.before === undefined ? undefined : new Workspace(join(root, 'before'), home, repository, options.before)
    for (const workspace of [now, before]) {
      await workspace?.sync('everything')
      await workspace?.sync('nothing')
    }
    const works = new Map<string, Work>([...baseline(now, join(root, 'kept.git')), ...commandsOf(now), ...(before === undefined ? [] : prefixed(commandsOf(before)))])
    const times = await measureAll(works, options.runs)
    const figures = figuresOf(times)
    const modules = await profiledModules(now.syncCommand, 3)
    if (options.json) process.stdout.write(`${JSON.stringify({ node: process.versions.node, runs: options.runs, figures, modules }, undefined, 2)}\n`)
    else printAll(figures, modules, options.runs)
    return figures.every(({ ratio }) => ratio?.passed !== false) ? 0 : 1
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' }, before: { type: 'string' }, json: { type: 'boolean', default: false } } })
    const runs = Number(values.runs)
    if (Number.isSafeInteger(runs) && runs > 0) return { runs, json: values.json, before: values.before === undefined ? undefined : resolve(values.before) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  process.stderr.write(USAGE)
  return undefined
}

/** What any program in Node takes, and what one takes that asks a repository whether it changed. */
function baseline({ environment: env, repository }: Workspace, kept: string): [string, Work][] {
  const cloned = spawnSync('git', ['clone', '--quiet', '--bare', repository.directory, kept], { env })
  if (cloned.status !== 0) throw new Error(`git clone failed: ${cloned.stderr.toString()}`)
  const node: Command = { program: process.execPath, args: ['-e', '0'], env }
  const floor = async (): Promise<void> => {
    await runCommand(node)
    await runCommand({ program: 'git', args: ['fetch', '--quiet', 'origin', '+refs/heads/main:refs/heads/main'], cwd: kept, env })
    await runCommand({ program: 'git', args: ['diff-tree', '-r', 'main', 'main'], cwd: kept, env })
  }
  return [[BARE, () => runCommand(node)], [FLOOR, floor]]
}

function commandsOf(workspace: Workspace): [string, Work][] {
  const run = (...args: string[]): Work => () => runCommand(workspace.command(args))
  return [
    ['--version', run('--version')],
    ['--help', run('--help')],
    ['status', run('status', '--config', workspace.configuration)],
    ['config validate', run('config', 'validate', '--config', workspace.configuration)],
    ['unchanged Git sync', () => workspace.sync('nothing')],
  ]
}

const PREFIX = 'before: '

function prefixed(works: readonly [string, Work][]): [string, Work][] {
  return works.map(([name, work]) => [PREFIX + name, work])
}

/** All in turn, so that what else the machine does meets each alike. The first round is not counted. */
async function measureAll(works: ReadonlyMap<string, Work>, runs: number): Promise<ReadonlyMap<string, { readonly cpuMs: number; readonly wallMs: number }>> {
  const samples = new Map([...works.keys()].map((name) => [name, { cpu: [] as number[], wall: [] as number[] }]))
  for (let round = 0; round <= runs; round++) {
    for (const [name, work] of round % 2 === 0 ? works : [...works].toReversed()) {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[Kround ${round} of ${runs}: ${name}`)
      const { cpuMs = Number.NaN, wallMs } = await measure(async () => {
        for (let time = 0; time < TOGETHER; time++) await work()
      })
      if (round === 0) continue
      samples.get(name)?.cpu.push(cpuMs / TOGETHER)
      samples.get(name)?.wall.push(wallMs / TOGETHER)
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  return new Map([...samples].map(([name, { cpu, wall }]) => [name, { cpuMs: middle(cpu), wallMs: middle(wall) }]))
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function figuresOf(times: ReadonlyMap<string, { readonly cpuMs: number; readonly wallMs: number }>): readonly Figure[] {
  return [...times]
    .filter(([name]) => !name.startsWith(PREFIX))
    .map(([name, time]) => {
      const bound = BOUNDS[name]
      const before = times.get(PREFIX + name)
      const value = bound === undefined ? Number.NaN : time.cpuMs / (times.get(bound.of)?.cpuMs ?? Number.NaN)
      return {
        name,
        ...time,
        ...(before !== undefined && { before }),
        ...(bound !== undefined && { ratio: { of: bound.of, value, bound: bound.atMost, passed: value <= bound.atMost } }),
      }
    })
}

function printAll(figures: readonly Figure[], modules: readonly LoadedModule[], runs: number): void {
  process.stdout.write(`Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, median of ${runs} rounds; processor time, and the clock, of one process\n\n`)
  const rows = figures.map(({ name, cpuMs, wallMs, before, ratio }) => [
    name,
    `${cpuMs.toFixed(0)} ms`,
    `${wallMs.toFixed(0)} ms`,
    before === undefined ? '' : `before ${before.cpuMs.toFixed(0)} ms, ${before.wallMs.toFixed(0)} ms`,
    ratio === undefined ? '' : `${ratio.value.toFixed(2)} x ${ratio.of} (<= ${ratio.bound})  ${ratio.passed ? 'pass' : 'FAIL'}`,
  ])
  process.stdout.write(table(rows))
  process.stdout.write(`\nAn unchanged Git sync loads ${modules.length} files: size, found and read in, time in its code (with a profiler, which takes its share)\n\n`)
  process.stdout.write(table(modules.map(({ name, bytes, loadMs, runMs }) => [name, `${(bytes / 1_000).toFixed(0)} KB`, `${loadMs.toFixed(1)} ms`, `${runMs.toFixed(1)} ms`])))
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()}\n`).join('')
}

process.exitCode = await main()
