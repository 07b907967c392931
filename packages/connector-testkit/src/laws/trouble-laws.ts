import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { Change } from '@qdrant-loader/connector-sdk'
import { expect } from 'vitest'
import { expectCleanBuild, expectNoSecrets, expectNothingMissing, visible } from '../expectations.ts'
import { law } from '../law.ts'
import type { Law } from '../law.ts'
import { loaderErrorOf } from '../memory-host.ts'
import type { MemoryHost, SyncOptions } from '../memory-host.ts'
import { opened } from '../opened.ts'
import { TRIES } from '../stage.ts'
import type { Stage } from '../stage.ts'
import type { World } from '../world.ts'
import { bounded } from './bounded.ts'
import { brokenOffRun, interruptedDetection, saysUnreadable } from './broken-off-run.ts'
import { expectUseful } from './expect-useful.ts'
import { stubsOf } from './named.ts'
import { writeThree } from './write-three.ts'

/** A detection of three documents and a page more takes fewer requests. */
const MOST_REQUESTS = 100
/** So many rows in a row may be hidden from an account, page by page; nobody needs more to see that a listing leads nowhere. */
const MOST_IN_CIRCLES = 1_000

/** What holds while the source is not well. */
export const troubleLaws: readonly Law[] = [
  law('throws when a listing breaks off, wherever it breaks off, and the next run makes up for it', {
    otherwise: 'what a broken listing did not show is deleted, or never read',
    needs: ['breakOff'],
    prove: async (stage) => {
      await stage.change((world) => writePages(world, 1))
      await stage.host.sync()
      for (const options of [{}, { listingDue: true }, { mode: 'full' as const }]) await breakEverywhere(stage, options)
    },
  }),

  law('vouches for no scope that it could not read', {
    otherwise: 'what is in a space that could not be read is deleted',
    needs: ['breakOff'],
    prove: async ({ world, host, change }) => {
      await change((changed) => writePages(changed, 1))
      await host.sync()
      for (let after = 0; after <= MOST_REQUESTS; after++) {
        await world.breakOff?.(after)
        const last = (await host.detect({ mode: 'full' }).catch(expectLoaderError))?.at(-1)
        await world.heal?.()
        if (last?.kind !== 'complete' || last.listing === 'changes') continue
        const { everythingIn, configured } = last.listing
        const unreadable = (last.unreadable ?? []).map(({ scope }) => scope)
        expect(everythingIn.filter((scope) => unreadable.includes(scope)), 'scopes that are unreadable and whole').toEqual([])
        // One that is not configured is out of scope, with all that is in it.
        expect(configured, 'what is configured').toEqual(expect.arrayContaining([...unreadable]))
        if (unreadable.length === 0) return
      }
    },
  }),

  law('gets to an end where a listing leads back to where it was', {
    otherwise: 'a run never ends, and what is behind that page is never read',
    needs: ['repeat'],
    prove: async (stage) => {
      const { world, host } = stage
      await stage.change((changed) => writePages(changed, 2))
      const whole = await host.sync()
      await stage.change(async (changed) => changed.write('alpha', '# Alpha\n\nEdited.\n'))
      await world.repeat?.()
      for (const options of [{}, { listingDue: true }, { mode: 'full' as const }]) {
        const { changes, requests } = await bounded(patienceOf(stage), 'a listing that leads back', (signal) => attempt(host, { ...options, signal }, stage))
        if (changes.at(-1)?.kind === 'complete' && (options.mode === 'full' || options.listingDue === true)) expect(idsOf(changes)).toEqual(idsOf(whole.changes))
        expect(requests, 'requests of a listing that leads back').toBeLessThan(MOST_IN_CIRCLES)
      }
      await world.heal?.()
      await host.sync()
      await expectCleanBuild(host, stage)
    },
  }),

  law('throws an error of kind `auth` with an instruction when its credentials are refused, and deletes nothing', {
    otherwise: 'a token that ran out empties the collection, or is waited for as if it were an outage',
    needs: ['refuse'],
    prove: async (stage) => {
      await expectNothingLost(stage, async ({ world, host }) => {
        await world.refuse?.()
        for (const work of [...attempts(host), () => checked(host)]) {
          const error = await loaderErrorOf(work())
          expect(error.kind, `the kind of "${error.message}"`).toBe('auth')
          expectUseful(error, stage)
        }
      })
    },
  }),

  law('calls nothing gone that it could not ask about', {
    otherwise: 'an outage in the middle of a run deletes documents',
    needs: ['fail'],
    prove: async (stage) => {
      const { world, host } = stage
      await stage.change(writeThree)
      await host.sync()
      await stage.change(async () => {
        for (const name of ['alpha', 'guide/beta', 'gamma']) await world.write(name, `# ${name}\n\nEdited.\n`)
      })
      await opened(host, async ({ detector, reader }) => {
        const { signal } = new AbortController()
        const changes: Change<unknown>[] = []
        for await (const change of detector.detect(await host.request(), signal)) changes.push(change)
        await world.fail?.()
        const verdicts = await detector.judge?.([...host.documents.keys()], signal).catch(expectLoaderError)
        for (const [id, verdict] of verdicts ?? []) expect(['present', 'unknown'], `the verdict on ${id}`).toContain(verdict)
        for (const stub of stubsOf(changes)) {
          // A connector that has a copy may read it.
          expect(await reader.read(stub, signal).catch(expectLoaderError), `what is read of ${stub.id}`).not.toBe('gone')
        }
        await world.heal?.()
      })
    },
  }),

  law('fails for a document that cannot be read, and for no other', {
    otherwise: 'one broken page stops its source, loses its text, or is deleted',
    needs: ['spoil'],
    prove: async (stage) => {
      const { world, host } = stage
      await stage.change(writeThree)
      await host.sync()
      const id = [...(await world.documents())].find(([, text]) => text.includes('first text'))?.[0] ?? ''
      const before = host.texts.get(id)
      await stage.change(async () => {
        await world.write('alpha', '# Alpha\n\nEdited, and broken.\n')
        await world.write('gamma', '# Gamma\n\nEdited.\n')
      })
      await world.spoil?.('alpha')
      for (const options of [{}, { listingDue: true }]) {
        const { changes, failed } = await host.sync(options)
        const said = failed.includes(id) || saysUnreadable(changes)
        if (options.listingDue !== true) expect(said, 'the run says that a document could not be read').toBe(true)
        expect(host.texts.get(id), 'the last good text of what cannot be read').toBe(before)
        for (const [other, text] of await world.documents()) if (other !== id) expect(host.texts.get(other)).toBe(text)
      }
      await world.heal?.()
      await world.settle?.()
      await host.sync()
      await expectCleanBuild(host, stage)
    },
  }),

  law('gives up when it is told to, also while the source does not answer', {
    otherwise: 'Ctrl-C hangs for as long as the server does',
    needs: ['stall'],
    prove: async (stage) => {
      const { world, host } = stage
      await stage.change(writeThree)
      const [stub] = stubsOf((await host.sync()).changes)
      const reason = new Error('the user pressed Ctrl-C')
      await opened(host, async (source) => {
        const { detector, reader } = source
        await world.stall?.()
        const newer = stub && { ...stub, contentVersion: `${stub.contentVersion}0` }
        const waits: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
          'a detection': (signal) => drain(detector.detect({ mode: 'full', known: host.known }, signal)),
          ...(newer && { 'reading': (signal) => reader.read(newer, signal) }),
          ...(stub && detector.judge && { judging: async (signal) => detector.judge?.([stub.id], signal) }),
          'a check': (signal) => source.check(signal),
        }
        for (const [what, work] of Object.entries(waits)) {
          const abort = new AbortController()
          const given = bounded(patienceOf(stage), `${what} that was told to stop`, async () => work(abort.signal))
          setTimeout(() => abort.abort(reason), 20)
          // What needs no answer may end.
          await given.catch((error: unknown) => expect(error, `what ${what} threw`).toBe(reason))
        }
        await world.heal?.()
      })
      await host.sync()
      await expectCleanBuild(host, stage)
    },
  }),

  law('throws a LoaderError with an instruction when the source is unreachable, and deletes nothing', {
    otherwise: 'an outage empties the collection',
    needs: ['fail'],
    prove: async (stage) => {
      await expectNothingLost(stage, async ({ world, host }) => {
        await world.fail?.()
        for (const work of [...attempts(host), () => checked(host)]) expectUseful(await loaderErrorOf(work()), stage)
      })
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

/**
 * Breaks a detection off after no request, after one, after two, until one gets through: then each place was tried. Then
 * the same with a source that fails for a moment only, as long as one request is tried; in full, for a host that knows no
 * document yet, so that nothing but the listing can tell.
 */
async function breakEverywhere(stage: Stage, options: SyncOptions): Promise<void> {
  const through = await breakUntilThrough(stage, options)
  await stage.change(async (world) => world.write('alpha', `# Alpha\n\nEdited before interruptions, ${JSON.stringify(options)}.\n`))
  const host = options.mode === 'full' ? stage.fresh() : stage.host
  const well = await host.detect(options)
  const requests = TRIES
  for (let afterRequests = 0; afterRequests < through; afterRequests++) await interruptedDetection({ ...stage, host }, { afterRequests, requests }, options, well)
  await stage.host.sync()
  await expectNothingMissing(stage.host, stage)
}

/** Returns how many requests it takes. */
async function breakUntilThrough(stage: Stage, options: SyncOptions): Promise<number> {
  let broken = 0
  for (let after = 0; after <= MOST_REQUESTS; after++) {
    await stage.change(async (world) => world.write('alpha', `# Alpha\n\nEdited before request ${after}, ${JSON.stringify(options)}.\n`))
    if ((await brokenOffRun(stage, after, options)) === 'whole') {
      expect(broken, 'detections that `breakOff` of the world broke off').toBeGreaterThan(0)
      return after
    }
    broken += 1
  }
  throw new Error(`a detection of three documents and a page more takes more than ${MOST_REQUESTS} requests, or \`heal\` of the world does not heal`)
}

/** Whatever happens meanwhile: nothing that was held is touched, and once the source is well, the next run goes on. */
async function expectNothingLost(stage: Stage, trouble: (stage: Stage) => Promise<void>): Promise<void> {
  await stage.change(writeThree)
  await stage.host.sync()
  const before = visible(stage.host)
  await stage.change(async (world) => world.write('alpha', '# Alpha\n\nEdited.\n'))
  await trouble(stage)
  expect(visible(stage.host), 'what is held').toEqual(before)
  await stage.world.heal?.()
  await stage.host.sync()
  await expectCleanBuild(stage.host, stage)
}

function attempts(host: MemoryHost): readonly (() => Promise<unknown>)[] {
  return [() => host.sync(), () => host.sync({ listingDue: true }), () => host.sync({ mode: 'full' })]
}

/** Three documents, and so many pages more where the world has pages. */
async function writePages(world: World, pages: number): Promise<void> {
  await writeThree(world)
  for (let index = 0; index < pages * (world.pageSize ?? 0); index++) await world.write(`note/${index}`, `# Note ${index}\n\nA text.\n`)
}

/** A detection that may end with an error: what it named, and how much it asked. */
async function attempt(host: MemoryHost, options: SyncOptions, stage: Stage): Promise<{ changes: readonly Change<unknown>[]; requests: number }> {
  const { source, recording } = await host.open()
  const changes: Change<unknown>[] = []
  try {
    const signal = options.signal ?? new AbortController().signal
    for await (const change of source.detector.detect(await host.request(options), signal)) {
      // What is named again and again ends with the time.
      signal.throwIfAborted()
      changes.push(change)
    }
  } catch (error) {
    if (!isLoaderError(error)) throw error
    expectUseful(error, stage)
  } finally {
    await source.close(undefined)
  }
  return { changes, requests: recording.requests.source }
}

function idsOf(changes: readonly Change<unknown>[]): readonly string[] {
  return [...new Set(stubsOf(changes).map(({ id }) => id))].toSorted()
}

function patienceOf({ options }: Stage): number {
  return options.patienceMs ?? 10_000
}

async function drain(detection: AsyncIterable<unknown>): Promise<void> {
  for await (const _change of detection);
}

function expectLoaderError(error: unknown): undefined {
  if (!isLoaderError(error)) throw error
  return undefined
}

async function checked(host: MemoryHost): Promise<string> {
  return opened(host, (source) => source.check(new AbortController().signal))
}
