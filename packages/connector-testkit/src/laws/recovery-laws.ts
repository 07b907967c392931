import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { expect } from 'vitest'
import { expectCleanBuild, expectNothingMissing, visible } from '../expectations.ts'
import { law } from '../law.ts'
import type { Law } from '../law.ts'
import { opened } from '../opened.ts'
import type { World } from '../world.ts'
import { named, stubsOf } from './named.ts'
import { settleAbsence } from './settle-absence.ts'
import { writeThree, writtenId } from './write-three.ts'

const DEATHS = 6
const HOUR = 3_600_000

/** What holds when a run did not end well, or something that it left is not there any more. */
export const recoveryLaws: readonly Law[] = [
  law('converges after a first run that died at any change', {
    otherwise: 'what a killed first run had before it is missing for good',
    prove: async (stage) => {
      await stage.change(writeThree)
      for (let dieAfter = 0; dieAfter <= 3; dieAfter++) {
        const host = stage.fresh()
        await host.sync({ dieAfter })
        await host.sync()
        await expectCleanBuild(host, stage)
      }
    },
  }),

  law('converges after a later run that died at any change', {
    otherwise: 'what changed before a kill is missing for good',
    prove: async (stage) => {
      for (let dieAfter = 0; dieAfter < DEATHS; dieAfter++) {
        await stage.change(writeThree)
        await stage.host.sync()
        await stage.change((world) => shuffle(world, dieAfter))
        await stage.host.sync({ dieAfter })
        await stage.host.sync()
        await expectNothingMissing(stage.host, stage)
        await settleAbsence(stage)
        await expectCleanBuild(stage.host, stage)
        await stage.change(async (world) => {
          await world.remove('delta')
          await world.write('gamma', '# Gamma\n\nBack.\n')
        })
      }
    },
  }),

  law('converges when the source went back before a dead run was repeated', {
    otherwise: 'a text that is no longer there stays in the collection',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      for (let dieAfter = 1; dieAfter < 4; dieAfter++) {
        await stage.change(async (world) => {
          await world.write('alpha', `# Alpha\n\nOnly for a moment, ${dieAfter}.\n`)
          await world.write('gamma', `# Gamma\n\nOnly for a moment, ${dieAfter}.\n`)
        })
        await stage.host.sync({ dieAfter })
        await stage.change(writeThree)
        await stage.host.sync()
        await expectCleanBuild(stage.host, stage)
      }
    },
  }),

  law('goes on from any state that the host kept, also from an older one', {
    otherwise: 'a state that was put back from a backup misses what came in between',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const backup = stage.host.copy()
      for (const text of ['Edited.', 'Edited again.']) {
        await stage.change(async (world) => {
          await world.write('alpha', `# Alpha\n\n${text}\n`)
          await world.write('delta', `# Delta\n\n${text}\n`)
        })
        await stage.host.sync()
      }
      await backup.sync()
      await expectNothingMissing(backup, stage)
      await expectCleanBuild(backup, stage)
    },
  }),

  law('sees in the next run what changes while it looks', {
    otherwise: 'an edit during a run is never seen',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      for (let when = 0; when < DEATHS; when++) {
        await stage.change(async (world) => world.write('alpha', `# Alpha\n\nBefore run ${when}.\n`))
        const during = async (before: number) => {
          if (before === when) await stage.change((world) => shuffle(world, when))
          if (before === when + 1) await stage.change(async (world) => world.write('alpha', `# Alpha\n\nDuring run ${when}.\n`))
        }
        // A connector may say that what it looks at does not stand still.
        await stage.host.sync({ listingDue: when % 2 === 0, during }).catch(expectLoaderError)
        await stage.host.sync()
        await expectNothingMissing(stage.host, stage)
        await settleAbsence(stage)
        await expectCleanBuild(stage.host, stage)
        await stage.change(async (world) => {
          await writeThree(world)
          if ((await world.documents()).size > 3) await world.remove('delta')
        })
        await stage.host.sync()
      }
    },
  }),

  law('does not rely on a clock that agrees with that of the source', {
    otherwise: 'a machine whose clock is an hour ahead misses changes for an hour',
    prove: async (stage) => {
      const hosts = [stage.ahead(HOUR), stage.ahead(-HOUR)]
      await stage.change(writeThree)
      for (const host of hosts) await host.sync()
      for (const text of ['Edited.', 'Edited again.']) {
        await stage.change(async (world) => world.write('alpha', `# Alpha\n\n${text}\n`))
        for (const host of hosts) {
          await host.sync()
          await expectNothingMissing(host, stage)
        }
      }
    },
  }),

  law('detects in full when its cursor cannot be read', {
    otherwise: 'the source is never read again',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      stage.host.cursor = { garbage: true }
      const { listing, loaded } = await stage.host.sync()
      expect(listing).not.toBe('changes')
      expect(loaded).toEqual([])
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('goes on without its cache', {
    otherwise: 'a cleared cache loses changes',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const moved = stage.withoutCache(stage.host)
      await stage.change(async (world) => world.write('alpha', '# Alpha\n\nEdited.\n'))
      await moved.sync()
      await expectCleanBuild(moved, stage)
    },
  }),

  law('names in a dry run what the next run names, and changes nothing that a later run relies on', {
    otherwise: 'a plan lies, or looking at one loses changes',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync({ dryRun: true })
      expect(visible(stage.host)).toEqual([])
      await stage.host.sync()
      await stage.change(async (world) => world.write('alpha', '# Alpha\n\nEdited.\n'))
      const looked = await stage.host.sync({ dryRun: true })
      const done = await stage.host.sync()
      expect(named(looked.changes)).toEqual(named(done.changes))
      expect(done.loaded).toHaveLength(1)
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('stops at once when it is told to', {
    otherwise: 'Ctrl-C hangs, or ends as if everything had been seen',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const reason = new Error('the user pressed Ctrl-C')
      await expect(stage.host.sync({ mode: 'full', signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      await opened(stage.host, async ({ detector, reader }) => {
        const abort = new AbortController()
        const detection = detector.detect({ mode: 'full', known: stage.host.known }, abort.signal)[Symbol.asyncIterator]()
        const first = detection.next()
        abort.abort(reason)
        await expect(Promise.all([first, detection.next(), detection.next(), drain(detection)])).rejects.toBe(reason)
        const [stub] = [...stage.host.documents.values()].map((held) => held.stub)
        if (stub) await expect(reader.read(stub, abort.signal)).rejects.toBe(reason)
      })
      await stage.host.sync()
      await expectCleanBuild(stage.host, stage)
    },
  }),

  law('throws where it is told to stop, unless it has seen everything, and the next run goes on', {
    otherwise: 'what was not seen after Ctrl-C is taken for unchanged, or for gone',
    prove: async (stage) => {
      await stage.change(writeThree)
      await stage.host.sync()
      const reason = new Error('the user pressed Ctrl-C')
      for (const mode of ['full', 'incremental'] as const) {
        for (let after = 0; after < 3; after++) {
          await stage.change((world) => writeAgain(world, `${mode}, ${after}`))
          const abort = new AbortController()
          const during = (before: number) => (before === after ? abort.abort(reason) : undefined)
          const stopped = await stage.host.detect({ mode, signal: abort.signal, during }).catch((error: unknown) => void expect(error).toBe(reason))
          if (stopped) expect(named(stopped), 'what a detection that was stopped and ended all the same named').toEqual(named(await stage.host.detect({ mode })))
          const held = [...stage.host.documents.keys()]
          await stage.host.sync({ mode, signal: abort.signal }).catch((error: unknown) => expect(error).toBe(reason))
          expect([...stage.host.documents.keys()]).toEqual(expect.arrayContaining(held))
          await stage.host.sync()
          await expectNothingMissing(stage.host, stage)
        }
      }
    },
  }),

  law('says `gone` of what is no longer there', {
    otherwise: 'what is gone is tried again in each run',
    prove: async (stage) => {
      await stage.change(writeThree)
      const id = await writtenId(stage, 'delta', '# Delta\n\nSoon gone.\n')
      const stub = stubsOf((await stage.host.sync()).changes).find((named) => named.id === id)
      if (!stub) throw new Error(`the detection did not name ${id}`)
      await stage.change(async (world) => world.remove('delta'))
      await stage.host.sync()
      await opened(stage.host, async ({ reader }) => {
        const { signal } = new AbortController()
        const answer = await reader.read(stub, signal)
        // A connector that reads a snapshot may still have the very version that was listed.
        if (answer !== 'gone') expect(answer.stub.contentVersion).toBe(stub.contentVersion)
        expect(await reader.read({ ...stub, id: `${id}-never`, contentVersion: 'never' }, signal)).toBe('gone')
      })
    },
  }),
]

async function shuffle(world: World, round: number): Promise<void> {
  await world.write('alpha', `# Alpha\n\nRound ${round}.\n`)
  await world.write('delta', `# Delta\n\nNew in round ${round}.\n`)
  await world.remove('gamma')
  if (world.rename) {
    await world.rename('guide/beta', `guide/beta-${round}`)
    await world.settle?.()
    await world.rename(`guide/beta-${round}`, 'guide/beta')
  }
}

/** Three edits, so that a detection has three changes before its end. */
async function writeAgain(world: World, when: string): Promise<void> {
  for (const name of ['alpha', 'guide/beta', 'gamma']) await world.write(name, `# ${name}\n\nA text of ${when}.\n`)
}

function expectLoaderError(error: unknown): void {
  if (!isLoaderError(error)) throw error
}

async function drain(detection: AsyncIterator<unknown>): Promise<void> {
  while ((await detection.next()).done !== true);
}
