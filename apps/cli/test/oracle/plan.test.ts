import { afterEach, beforeEach, describe, it, vi } from 'vitest'
import { runConfluenceHistory } from './confluence/oracle.ts'
import { runJiraHistory } from './jira/oracle.ts'
import { runSiteHistory } from './site/oracle.ts'

// The histories of the oracles, with a plan before each sync that nothing disturbs. ORACLE_PLANS=1 plans in all of them.
beforeEach(() => void vi.stubEnv('ORACLE_PLANS', '1'))
afterEach(() => vi.unstubAllEnvs())

/** The first seeds of each; more with PLAN_HISTORIES. */
const SEEDS = Array.from({ length: Number(process.env['PLAN_HISTORIES'] ?? 2) }, (_none, at) => at + 1)

describe('in a random history a plan equals the next sync, per document', () => {
  for (const deployment of ['cloud', 'datacenter'] as const) {
    it.each(SEEDS)(`of Confluence, ${deployment} %i`, { timeout: 120_000 }, (seed) => runConfluenceHistory(seed, deployment))
    it.each(SEEDS)(`of Jira, ${deployment} %i`, { timeout: 120_000 }, (seed) => runJiraHistory(seed, deployment))
  }
  it.each(SEEDS)('of a documentation site %i', { timeout: 120_000 }, (seed) => runSiteHistory(seed))
})
