import { describe, it } from 'vitest'
import { runConfluenceHistory } from './oracle.ts'

// CONFLUENCE_HISTORIES=300 runs more. A failure names its seed; run one alone with -t 'cloud 17'.
const HISTORIES = Number(process.env['CONFLUENCE_HISTORIES'] ?? 25)

describe('after a random history of Confluence the collection equals a clean build, and the world', () => {
  for (const deployment of ['cloud', 'datacenter'] as const) {
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      it(`${deployment} ${seed}`, { timeout: 120_000 }, () => runConfluenceHistory(seed, deployment))
    }
  }
})
