import { expect } from 'vitest'
import type { World, WorldFeature } from './world.ts'

/** The test of something that a world does not have: it says so itself, so that nothing is left out by oversight. */
export function expectDeclaredAbsence(world: World, feature: WorldFeature): void {
  expect(world.lacks ?? [], `the world has no \`${feature}\` and does not name it in \`lacks\``).toContain(feature)
}
