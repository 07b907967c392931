import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { measure, type Measurement, median, runCommand } from './measure.ts'
import { BenchRepository } from './repository.ts'
import { Workspace } from './workspace.ts'

/** One line of the table. */
export interface Figure {
  readonly name: string
  readonly value: string
  /** Absent for a figure that only explains another one. */
  readonly bound?: string
  readonly passed?: boolean
}

/** What a scenario works with. */
export interface BenchContext {
  /** An empty folder of its own. */
  readonly directory: string
  readonly home: string
  readonly runs: number
  readonly progress: (text: string) => void
}

/** The scenarios by name, in the order in which they run. */
export const SCENARIOS: Readonly<Record<string, (context: BenchContext) => Promise<readonly Figure[]>>> = {
  'first-sync': firstSync,
  unchanged,
  flat,
}

const MB = 1_000_000

/** Throughput of a first sync through to the embedded store, whole process. */
async function firstSync(context: BenchContext): Promise<readonly Figure[]> {
  await warmUp(context)
  const plain = await firstSyncOf(context, 0)
  const sectioned = await firstSyncOf(context, 2)
  return [
    { name: '20,000 files of 1 KB, a title and paragraphs', value: times(plain) },
    atLeast('documents a second', rateOf(plain), 2_000),
    { name: 'the same with two sections each, three chunks', value: times(sectioned) },
    { name: 'documents a second', value: rateOf(sectioned).toFixed(0) },
  ]
}

const FIRST_SYNC_FILES = 20_000

function rateOf({ wallMs }: Measurement): number {
  return (FIRST_SYNC_FILES / wallMs) * 1_000
}

async function firstSyncOf(context: BenchContext, sections: number): Promise<Measurement> {
  const workspace = await makeWorkspace(context, FIRST_SYNC_FILES, sections)
  const measured: Measurement[] = []
  for (let run = 1; run <= Math.min(context.runs, 3); run++) {
    context.progress(`first sync, ${sections} sections, run ${run}`)
    workspace.reset()
    measured.push(await measure(() => workspace.sync('everything')))
  }
  return median(measured)
}

/** An unchanged sync against the least that any program could do. */
async function unchanged(context: BenchContext): Promise<readonly Figure[]> {
  const workspace = await makeWorkspace(context, 20_000)
  await settle(workspace, context)
  const floor = floorOf(workspace, join(context.directory, 'kept.git'))
  const [least, sync] = await interleaved(context, 'unchanged sync', [floor, () => workspace.sync('nothing')])
  context.progress('peak memory')
  const memory = await workspace.peakMemory()
  return [
    { name: 'node -e 0 + git fetch + git diff-tree', value: times(least) },
    { name: 'unchanged sync of 20,000 files', value: times(sync) },
    ...ratioOf(sync, least, 10),
    { name: 'its peak memory', value: `${(memory / MB).toFixed(0)} MB`, bound: '< 250 MB', passed: memory < 250 * MB },
  ]
}

/** What a sync costs must not depend on the size of the repository. */
async function flat(context: BenchContext): Promise<readonly Figure[]> {
  const small = await makeWorkspace(context, 1_000)
  const large = await makeWorkspace(context, 100_000)
  await settle(small, context)
  context.progress('first sync of 100,000 files')
  const first = await measure(() => large.sync('everything'))
  await large.sync('nothing')
  const [smallIdle, largeIdle] = await interleaved(context, 'unchanged sync', [
    () => small.sync('nothing'),
    () => large.sync('nothing'),
  ])
  // A first commit warms what only a changed file needs.
  const changed = (workspace: Workspace) => () => workspace.sync('one file')
  for (const workspace of [small, large]) {
    await workspace.repository.commitOneFile()
    await workspace.sync('one file')
  }
  const [smallEdit, largeEdit] = await interleaved(context, 'sync of one file', [changed(small), changed(large)], async () => {
    for (const workspace of [small, large]) await workspace.repository.commitOneFile()
  })
  return [
    { name: 'first sync of 100,000 files', value: `${times(first)}, ${((100_000 / first.wallMs) * 1_000).toFixed(0)} documents a second` },
    { name: 'unchanged sync of 1,000 files', value: times(smallIdle) },
    { name: 'unchanged sync of 100,000 files', value: times(largeIdle) },
    ...ratioOf(largeIdle, smallIdle, 1.3),
    { name: 'one file of 1,000 changed', value: times(smallEdit) },
    { name: 'one file of 100,000 changed', value: times(largeEdit) },
    ...ratioOf(largeEdit, smallEdit, 1.3),
  ]
}

async function makeWorkspace(context: BenchContext, files: number, sections = 2): Promise<Workspace> {
  context.progress(`writing a repository of ${files} files`)
  const name = `files-${files}-${sections}`
  const repository = await BenchRepository.create(join(context.directory, `${name}.git`), files, sections)
  return new Workspace(join(context.directory, name), context.home, repository)
}

/** Fills the compile cache and the disk cache. */
async function warmUp(context: BenchContext): Promise<void> {
  const repository = await BenchRepository.create(join(context.directory, 'warm-up.git'), 100)
  const workspace = new Workspace(join(context.directory, 'warm-up'), context.home, repository)
  await workspace.sync('everything')
}

/** A first sync, then one without changes. */
async function settle(workspace: Workspace, context: BenchContext): Promise<void> {
  context.progress(`first sync of ${workspace.repository.files} files`)
  await workspace.sync('everything')
  await workspace.sync('nothing')
}

/** Both in turn, so that what else the machine does meets them alike. The first round is not counted. */
async function interleaved(
  { runs, progress }: BenchContext,
  what: string,
  [one, other]: readonly [() => Promise<unknown>, () => Promise<unknown>],
  before: () => Promise<void> = async () => {},
): Promise<readonly [Measurement, Measurement]> {
  const ones: Measurement[] = []
  const others: Measurement[] = []
  for (let run = 0; run <= runs; run++) {
    progress(`${what}, run ${run} of ${runs}`)
    await before()
    const turns = [{ work: one, into: ones }, { work: other, into: others }]
    // Every other round the other way round: whatever one leaves behind meets both.
    for (const { work, into } of run % 2 === 0 ? turns : turns.toReversed()) {
      const measured = await measure(work)
      if (run > 0) into.push(measured)
    }
  }
  return [median(ones), median(others)]
}

/** The least a program in Node must do to know that a repository did not change: start, fetch, compare. */
function floorOf(workspace: Workspace, kept: string): () => Promise<void> {
  const { environment: env, repository } = workspace
  const cloned = spawnSync('git', ['clone', '--quiet', '--bare', repository.directory, kept], { env })
  if (cloned.status !== 0) throw new Error(`git clone failed: ${cloned.stderr.toString()}`)
  return async () => {
    await runCommand({ program: process.execPath, args: ['-e', '0'], env })
    await runCommand({ program: 'git', args: ['fetch', '--quiet', 'origin', '+refs/heads/main:refs/heads/main'], cwd: kept, env })
    await runCommand({ program: 'git', args: ['diff-tree', '-r', 'main', 'main'], cwd: kept, env })
  }
}

function times({ wallMs, cpuMs }: Measurement): string {
  return `${milliseconds(wallMs)}${cpuMs === undefined ? '' : ` (processor ${milliseconds(cpuMs)})`}`
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`
}

/** The bound is on the clock. On a busy machine the processor's time says whether the clock can be believed. */
function ratioOf(one: Measurement, other: Measurement, bound: number): readonly Figure[] {
  const value = one.wallMs / other.wallMs
  const processor = one.cpuMs === undefined || other.cpuMs === undefined ? undefined : one.cpuMs / other.cpuMs
  return [
    { name: 'ratio of the two', value: value.toFixed(2), bound: `<= ${bound}`, passed: value <= bound },
    ...(processor === undefined ? [] : [{ name: 'ratio of their processor time', value: processor.toFixed(2) }]),
  ]
}

function atLeast(name: string, value: number, bound: number): Figure {
  return { name, value: value.toFixed(0), bound: `>= ${bound}`, passed: value >= bound }
}
