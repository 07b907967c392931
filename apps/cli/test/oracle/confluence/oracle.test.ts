import { describe, it } from 'vitest'
import { runConfluenceHistory } from './oracle.ts'

// A failure names its seed; run one alone with -t 'cloud 17$', and others with CONFLUENCE_HISTORIES=101-200.
const [first = 1, last = first] = (process.env['CONFLUENCE_HISTORIES'] ?? '1-25').split('-').map(Number)

describe('after a random history of Confluence the collection equals a clean build, and the world', () => {
  for (const deployment of ['cloud', 'datacenter'] as const) {
    for (let seed = first; seed <= last; seed += 1) {
      it(`${deployment} ${seed}`, { timeout: 120_000 }, () => runConfluenceHistory(seed, deployment))
    }
  }
})
