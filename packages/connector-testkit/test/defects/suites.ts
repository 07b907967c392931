import { describe } from 'vitest'
import { describeConnector } from '../../src/index.ts'
import { Shelf } from '../shelf/shelf.ts'
import { shelfConnector } from '../shelf/shelf-connector.ts'
import { DEFECTS } from './defects.ts'

// The conformance suite of each defective connector, as its author would run it. `suite.test.ts` starts it and looks at
// what failed.
for (const [name, { parts }] of Object.entries(DEFECTS)) {
  describe(name, () => describeConnector(shelfConnector(parts), () => new Shelf(), { histories: 3, timeoutMs: 10_000, patienceMs: 200 }))
}
