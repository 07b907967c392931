import { describe, expect, it } from 'vitest'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { HISTORIES } from './laws/history-laws.ts'
import { LAW_GROUPS, LAWS } from './laws/laws.ts'
import { stageFor } from './stage.ts'
import { featureProblems, featuresOf, WORLD_FEATURES } from './world-features.ts'
import type { ConformanceOptions, LawGroup, MakeWorld, World } from './world.ts'

/**
 * Defines the conformance suite of a connector, as Vitest tests: one for each law, and one for each member that the
 * world says it lacks. A world is made once beforehand, to see what it has.
 *
 * @example
 * ```ts
 * describeConnector(connector, () => new MyWorld())
 * ```
 */
export function describeConnector<Config, Cursor>(
  plugin: ConnectorPlugin<Config, Cursor>,
  makeWorld: MakeWorld,
  options: ConformanceOptions = {},
): void {
  // Configurations and cursors go from the connector to the connector; nothing here looks into them.
  const play = stageFor(plugin as unknown as ConnectorPlugin, makeWorld, options)
  describe(`connector ${plugin.type}`, async () => {
    const world = await makeWorld()
    const has = featuresOf(world)
    describeWorld(world)
    await world.dispose?.()
    for (const group of options.groups ?? LAW_GROUPS) {
      describe(group, () => {
        for (const { title, needs, prove } of LAWS[group]) {
          if (needs.every((feature) => has.has(feature))) it(title, () => play(prove), timeoutOf(group, options))
        }
      })
    }
  })
}

/** What the world has, and what is not tested for want of it. */
function describeWorld(world: World): void {
  const problems = featureProblems(world)
  const lacks = WORLD_FEATURES.filter((feature) => world.lacks?.[feature] !== undefined)
  describe('world', () => {
    it('has each member that a law needs, or says why not', () => expect(problems).toEqual([]))
    for (const feature of lacks) it(`lacks ${feature}: ${world.lacks?.[feature]}`, () => expect(problems).toEqual([]))
  })
}

function timeoutOf(group: LawGroup, { timeoutMs = 60_000, histories = HISTORIES }: ConformanceOptions): number {
  return group === 'histories' ? timeoutMs * (1 + histories / 10) : timeoutMs
}
