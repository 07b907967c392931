import fc from 'fast-check'
import { expectCleanBuild, expectNothingMissing, expectWorld } from '../expectations.ts'
import { law } from '../law.ts'
import type { Law } from '../law.ts'
import type { Stage } from '../stage.ts'
import type { World } from '../world.ts'

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

/** Random histories where the options do not say. */
export const HISTORIES = 20

/** Whatever happened before, an incremental sync ends where a clean build begins. */
export const historyLaws: readonly Law[] = [
  law('converges after any history', {
    otherwise: 'the collection is not what the source holds',
    prove: async (stage) => {
      const { histories: numRuns = HISTORIES, historyLength = 12, seed = 20_261_122 } = stage.options
      const property = fc.asyncProperty(history(historyLength), (steps) => stage.elsewhere((scene) => live(scene, steps)))
      await fc.assert(property, { numRuns, seed, endOnFailure: true })
    },
  }),
]

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

async function live(stage: Stage, steps: readonly Step[]): Promise<void> {
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
    await expectNothingMissing(host, stage)
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
