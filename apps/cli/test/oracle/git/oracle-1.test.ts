import { describe, it } from 'vitest'
import { runHistory } from './oracle.ts'

// Two files, so that two workers share the histories. A failure names its seed; run one alone with -t 'history 17'.
describe('after a random history the collection equals a clean build', () => {
  for (let seed = 1; seed <= 100; seed += 1) it(`history ${seed}`, { timeout: 120_000 }, () => runHistory(seed))
})
