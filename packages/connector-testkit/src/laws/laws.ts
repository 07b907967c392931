import type { Law } from '../law.ts'
import type { LawGroup } from '../world.ts'
import { contractLaws } from './contract-laws.ts'
import { detectionLaws } from './detection-laws.ts'
import { historyLaws } from './history-laws.ts'
import { parallelLaws } from './parallel-laws.ts'
import { recoveryLaws } from './recovery-laws.ts'
import { troubleLaws } from './trouble-laws.ts'

/** Every law, by group. */
export const LAWS: Readonly<Record<LawGroup, readonly Law[]>> = {
  contract: contractLaws,
  detection: detectionLaws,
  parallel: parallelLaws,
  recovery: recoveryLaws,
  trouble: troubleLaws,
  histories: historyLaws,
}

/** In this order. */
export const LAW_GROUPS = Object.keys(LAWS) as readonly LawGroup[]
