import { describe, it } from 'vitest'
import { runSiteHistory } from './site-oracle.ts'

// A failure names its seed; run one alone with -t 'history 17', and more of them with SITE_HISTORIES=1000.
const HISTORIES = Number(process.env['SITE_HISTORIES'] ?? 100)

describe('after a random history of a documentation site the collection equals a clean build', () => {
  for (let seed = 1; seed <= HISTORIES; seed += 1) it(`history ${seed}`, { timeout: 120_000 }, () => runSiteHistory(seed))
})
