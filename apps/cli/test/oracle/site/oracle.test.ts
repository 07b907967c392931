import { describe, it } from 'vitest'
import { runSiteHistory } from './oracle.ts'

// A failure names its seed; run one alone with -t 'history 17$', and others with SITE_HISTORIES=101-1000.
const [first = 1, last = first] = (process.env['SITE_HISTORIES'] ?? '1-100').split('-').map(Number)

describe('after a random history of a documentation site the collection equals a clean build', () => {
  for (let seed = first; seed <= last; seed += 1) it(`history ${seed}`, { timeout: 120_000 }, () => runSiteHistory(seed))
})
