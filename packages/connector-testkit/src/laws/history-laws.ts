import fc from 'fast-check'
import { it } from 'vitest'
import { expectCleanBuild, expectWorld } from '../expectations.ts'
import type { Play, Stage } from '../stage.ts'
import type { ConformanceOptions, World } from '../world.ts'

const NAMES = ['alpha', 'beta', 'guide/one', 'guide/two', 'guide/deep/three', 'Alpha']

interface Edit {
  readonly kind: 'write' | 'remove' | 'touch'
  readonly name: string
  readonly text: string
}
interface Move {
  readonly kind: 'rename' | 'swap'
  readonly name: string
  readonly other: string
}
interface Sync {
  readonly kind: 'sync'
  readonly listingDue: boolean
  readonly dieAfter: number | undefined
}
type Step = Edit | Move | Sync | { readonly kind: 'settle' }

/** Whatever happened before, an incremental sync ends where a clean build begins. */
export function historyLaws<Config, Cursor>(play: Play<Config, Cursor>, options: ConformanceOptions): void {
  const runs = options.histories ?? 20
  it(
    'converges after any history',
    () => fc.assert(
      fc.asyncProperty(history(options.historyLength ?? 12), (steps) => play((stage) => live(stage, steps))),
      { numRuns: runs, seed: options.seed ?? 20_261_122, endOnFailure: true },
    ),
    30_000 + runs * 3_000,
  )
}

function history(maxLength: number): fc.Arbitrary<Step[]> {
  const name = fc.constantFrom(...NAMES)
  const text = fc.constantFrom(...['one', 'two', 'three', 'été', '漢字'].map((word) => `# ${word}\n\nA text about ${word}.\n`))
  const one = (kind: Edit['kind']) => fc.record({ kind: fc.constant(kind), name, text })
  const two = (kind: Move['kind']) => fc.record({ kind: fc.constant(kind), name, other: name })
  const sync = fc.record({
    kind: fc.constant('sync' as const),
    listingDue: fc.boolean(),
    dieAfter: fc.option(fc.nat(4), { nil: undefined, freq: 2 }),
  })
  const step = fc.oneof(
    { weight: 6, arbitrary: one('write') },
    { weight: 2, arbitrary: one('remove') },
    { weight: 2, arbitrary: one('touch') },
    { weight: 2, arbitrary: two('rename') },
    { weight: 1, arbitrary: two('swap') },
    { weight: 2, arbitrary: fc.constant({ kind: 'settle' as const }) },
    { weight: 4, arbitrary: sync },
  )
  return fc.array(step, { minLength: 3, maxLength, size: 'max' })
}

async function live<Config, Cursor>(stage: Stage<Config, Cursor>, steps: readonly Step[]): Promise<void> {
  const { world, host, plugin } = stage
  const texts = new Map<string, string>()
  for (const step of steps) {
    if (step.kind === 'sync') {
      await world.settle?.()
      const { dieAfter, listingDue } = step
      await host.sync({ listingDue, ...(dieAfter !== undefined && { dieAfter }) })
      if (dieAfter === undefined && plugin.capabilities.reportsDeletions) await expectWorld(host, stage)
    } else if (step.kind === 'settle') await world.settle?.()
    else await apply(world, step, texts)
  }
  await world.settle?.()
  await host.sync()
  if (!plugin.capabilities.reportsDeletions) {
    await host.sync({ listingDue: true })
    await host.sync({ listingDue: true })
  }
  await expectCleanBuild(host, stage)
}

async function apply(world: World, step: Edit | Move, texts: Map<string, string>): Promise<void> {
  const held = texts.get(step.name)
  if (step.kind === 'write') {
    await world.write(step.name, step.text)
    texts.set(step.name, step.text)
    return
  }
  if (held === undefined) return
  switch (step.kind) {
    case 'remove':
      await world.remove(step.name)
      texts.delete(step.name)
      return
    case 'touch':
      return world.touch?.(step.name)
    case 'rename':
      if (!world.rename || texts.has(step.other)) return
      await world.rename(step.name, step.other)
      texts.delete(step.name)
      texts.set(step.other, held)
      return
    case 'swap':
      return swap(world, step, texts)
  }
}

async function swap(world: World, { name, other }: Move, texts: Map<string, string>): Promise<void> {
  const [one, two] = [texts.get(name), texts.get(other)]
  if (!world.rename || one === undefined || two === undefined || name === other) return
  await world.rename(name, 'aside')
  await world.rename(other, name)
  await world.rename('aside', other)
  texts.set(name, two)
  texts.set(other, one)
}
