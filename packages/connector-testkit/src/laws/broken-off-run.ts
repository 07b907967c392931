import { expect } from 'vitest'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { Change } from '@qdrant-loader/connector-sdk'
import { expectWorld } from '../expectations.ts'
import type { SyncOptions } from '../memory-host.ts'
import type { Stage } from '../stage.ts'
import { expectUseful } from './expect-useful.ts'
import { named, stubsOf } from './named.ts'

/**
 * A detection and a run whose source breaks off after so many requests, and the run after them, once the source is
 * well. `whole`: both got through. `broken`: one of them threw, or said itself what it could not read.
 *
 * @throws where a part was taken for the whole, something was deleted, or something is missing after the next run.
 */
export async function brokenOffRun(stage: Stage, afterRequests: number, options: SyncOptions): Promise<'whole' | 'broken'> {
  const { world, host } = stage
  const when = `after a listing that broke off behind request ${afterRequests}`
  // Alone first: where a run asks `judge` about what a listing did not show, that fails too, and hides the defect.
  const detected = await whileBroken(stage, afterRequests, () => host.detect(options))
  if (detected !== 'threw') expectWhole(stage, detected, await host.detect(options), when)
  const held = [...host.documents.keys()]
  const run = await whileBroken(stage, afterRequests, () => host.sync(options))
  for (const id of held) expect([...host.documents.keys()], `what is held ${when}`).toContain(id)
  await host.sync()
  await expectWorld(host, stage).catch((error: Error) => {
    error.message = `the next run does not make up for it, ${when}: ${error.message}`
    throw error
  })
  const unwell = detected === 'threw' || saysUnreadable(detected) || run === 'threw' || saysUnreadable(run.changes) || run.failed.length > 0
  await world.settle?.()
  return unwell ? 'broken' : 'whole'
}

/**
 * A detection during which so many requests fail, behind so many that go well; `well` is what one names when all do.
 *
 * @throws where a part was taken for the whole.
 */
export async function interruptedDetection(
  stage: Pick<Stage, 'world' | 'host'>,
  { afterRequests, requests }: { readonly afterRequests: number; readonly requests: number },
  options: SyncOptions,
  well: readonly Change<unknown>[],
): Promise<void> {
  const detected = await whileBroken(stage, afterRequests, () => stage.host.detect(options), requests)
  if (detected !== 'threw') expectWhole(stage, detected, well, `where ${requests} requests behind request ${afterRequests} failed`)
}

async function whileBroken<Result>(stage: Pick<Stage, 'world' | 'host'>, afterRequests: number, work: () => Promise<Result>, requests?: number): Promise<Result | 'threw'> {
  await stage.world.breakOff?.(afterRequests, requests)
  try {
    return await work()
  } catch (error) {
    if (!isLoaderError(error)) throw error
    expectUseful(error, stage)
    return 'threw'
  } finally {
    await stage.world.heal?.()
  }
}

/**
 * What ended has named what is named when the source is well, or says itself what it could not read. A document that could
 * not be looked at may have any version but the one that is held: then the host reads it.
 */
function expectWhole({ host }: Pick<Stage, 'host'>, detected: readonly Change<unknown>[], well: readonly Change<unknown>[], when: string): void {
  if (saysUnreadable(detected)) return
  const texts = new Set(named(detected).map((one) => JSON.stringify(one)))
  const toBeRead = new Set(stubsOf(detected).flatMap(({ id, contentVersion }) => (host.documents.get(id)?.stub.contentVersion === contentVersion ? [] : [id])))
  const missing = well.filter((change) => {
    const seen = named([change]).every((one) => texts.has(JSON.stringify(one)))
    return !seen && !(change.kind === 'upsert' && toBeRead.has(change.stub.id))
  })
  expect(named(missing), `what a detection that ended did not name, ${when}`).toEqual([])
}

/** The detection says itself that it could not read a part of the source. */
export function saysUnreadable(changes: readonly Change<unknown>[]): boolean {
  const last = changes.at(-1)
  return last?.kind === 'complete' && (last.unreadable ?? []).length > 0
}
