import { describe } from 'vitest'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { contractLaws } from './laws/contract-laws.ts'
import { detectionLaws } from './laws/detection-laws.ts'
import { historyLaws } from './laws/history-laws.ts'
import { recoveryLaws } from './laws/recovery-laws.ts'
import { stageFor } from './stage.ts'
import type { ConformanceOptions, MakeWorld } from './world.ts'

/**
 * Defines the conformance suite of a connector, as Vitest tests. What the connector says it can do is tested for
 * presence and for honest absence.
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
  const play = stageFor(plugin, makeWorld)
  describe(`connector ${plugin.type}`, () => {
    describe('contract', () => contractLaws(plugin, play))
    describe('detection', () => detectionLaws(plugin, play))
    describe('recovery', () => recoveryLaws(plugin, play))
    describe('histories', () => historyLaws(play, options))
  })
}
