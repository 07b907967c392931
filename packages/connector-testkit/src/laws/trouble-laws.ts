import { expect } from 'vitest'
import { expectCleanBuild, expectNoSecrets, visible } from '../expectations.ts'
import { law } from '../law.ts'
import type { Law } from '../law.ts'
import { loaderErrorOf } from '../memory-host.ts'
import type { MemoryHost, SyncOptions } from '../memory-host.ts'
import { opened } from '../opened.ts'
import type { Stage } from '../stage.ts'
import { brokenOffRun } from './broken-off-run.ts'
import { expectUseful } from './expect-useful.ts'
import { writeThree } from './write-three.ts'

/** A listing of three documents that asks more often than this goes round in circles. */
const MOST_REQUESTS = 100

/** What holds while the source is not well. */
export const troubleLaws: readonly Law[] = [
  law('throws when a listing breaks off, wherever it breaks off, and the next run makes up for it', {
    otherwise: 'what a broken listing did not show is deleted, or never read',
    needs: ['breakOff'],
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      for (const options of [{}, { listingDue: true }, { mode: 'full' as const }]) await breakEverywhere(stage, options)
    },
  }),

  law('throws a LoaderError with an instruction when the source is unreachable, and deletes nothing', {
    otherwise: 'an outage empties the collection',
    needs: ['fail'],
    prove: async (stage) => {
      const { world, host } = stage
      await stage.change(writeThree)
      await host.sync()
      const before = visible(host)
      await world.fail?.()
      for (const options of [{}, { listingDue: true }, { mode: 'full' as const }]) {
        expectUseful(await loaderErrorOf(host.sync(options)), stage)
      }
      expectUseful(await loaderErrorOf(checked(host)), stage)
      expect(visible(host)).toEqual(before)
      await world.heal?.()
      await host.sync()
      await expectCleanBuild(host, stage)
    },
  }),

  law('keeps its secrets to itself', {
    otherwise: 'a token is in logs, payloads or the state',
    needs: ['secrets'],
    prove: async (stage) => {
      await stage.change(writeThree)
      const { changes } = await stage.host.sync()
      expectNoSecrets(stage, [changes, [...stage.host.documents.values()], await checked(stage.host), stage.host.said])
    },
  }),
]

/** Breaks a detection off after no request, after one, after two, until one gets through: then each place was tried. */
async function breakEverywhere(stage: Stage, options: SyncOptions): Promise<void> {
  let broken = 0
  for (let after = 0; after <= MOST_REQUESTS; after++) {
    await stage.change(async (world) => world.write('alpha', `# Alpha\n\nEdited before request ${after}, ${JSON.stringify(options)}.\n`))
    if ((await brokenOffRun(stage, after, options)) === 'whole') {
      expect(broken, 'detections that `breakOff` of the world broke off').toBeGreaterThan(0)
      return
    }
    broken += 1
  }
  throw new Error(`a detection of three documents takes more than ${MOST_REQUESTS} requests, or \`heal\` of the world does not heal`)
}

async function checked(host: MemoryHost): Promise<string> {
  return opened(host, (source) => source.check(new AbortController().signal))
}
