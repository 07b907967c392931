import { describe, expect, it } from 'vitest'
import { featureProblems, featuresOf, WORLD_FEATURES } from './world-features.ts'
import type { World } from './world.ts'

const LACKS = Object.fromEntries(WORLD_FEATURES.map((feature) => [feature, 'it is a test']))

function world(members: Partial<World>): World {
  return { config: {}, documents: () => new Map(), write: () => {}, remove: () => {}, ...members }
}

function lacksAllBut(...features: readonly string[]): NonNullable<World['lacks']> {
  return Object.fromEntries(Object.entries(LACKS).filter(([feature]) => !features.includes(feature)))
}

describe('a world', () => {
  it('may lack everything, where it says why', () => {
    expect(featureProblems(world({ lacks: LACKS }))).toEqual([])
    expect([...featuresOf(world({ lacks: LACKS }))]).toEqual([])
  })

  it('has what it does not lack', () => {
    const members = { rename: () => {}, breakOff: () => {}, heal: () => {}, secrets: ['secret'], lacks: lacksAllBut('rename', 'breakOff', 'secrets') }
    expect(featureProblems(world(members))).toEqual([])
    expect([...featuresOf(world(members))]).toEqual(['rename', 'breakOff', 'secrets'])
  })

  it('that has no member and does not say why is wrong, be it by oversight or without a reason', () => {
    const problem = 'the world has no `breakOff` and does not say why in `lacks`'
    expect(featureProblems(world({ lacks: lacksAllBut('breakOff') }))).toEqual([problem])
    expect(featureProblems(world({ lacks: { ...LACKS, breakOff: ' ' } }))).toEqual([problem])
    expect(featureProblems(world({}))).toHaveLength(WORLD_FEATURES.length)
  })

  it('that has what it says it lacks is wrong, so that no excuse outlives its reason', () => {
    expect(featureProblems(world({ rename: () => {}, lacks: LACKS }))).toEqual(['the world has `rename`, and names it in `lacks` all the same'])
    expect(featureProblems(world({ lacks: { ...LACKS, renames: 'x' } as World['lacks'] & object }))).toEqual(['`lacks` names `renames`, which no world has'])
  })

  it('that begins trouble can end it', () => {
    expect(featureProblems(world({ stall: () => {}, lacks: lacksAllBut('stall') }))).toEqual(['the world has `stall` and no `heal` to end it'])
  })
})
