import { describe, it } from 'vitest'
import { runJiraHistory } from './oracle.ts'

// A failure names its seed; run one alone with -t 'cloud history 17'. JIRA_SEEDS=1000 runs that many of each.
const SEEDS = Number(process.env['JIRA_SEEDS'] ?? 30)

describe('after a random history the collection equals a clean build', () => {
  for (const deployment of ['cloud', 'datacenter'] as const) {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      it(`${deployment} history ${seed}`, { timeout: 120_000 }, () => runJiraHistory(seed, deployment))
    }
  }
})
