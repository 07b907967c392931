import type { WriteIntent } from '../../state/records.ts'
import type { RunContext } from '../run/run-context.ts'

const PAGE = 500

/**
 * Step 0 of the commit protocol: what an interrupted run may have written and nobody owns is removed, whether or not
 * its document still exists. What it may have removed or overwritten is put in doubt, so that its document is done
 * again in this run, also when the source never names it again.
 *
 * Points that are owned stay, so that readers see no hole (I7).
 */
export async function settleIntents(
  context: Pick<RunContext, 'ref' | 'state' | 'store' | 'storeMark' | 'lease' | 'logger' | 'signal'>,
): Promise<number> {
  const { ref, state, store, signal } = context
  let settled = 0
  for await (const intents of state.openIntents(ref, PAGE)) {
    signal.throwIfAborted()
    const ids = [...new Set(intents.map((intent) => intent.pointId))]
    const owned = await state.ownedPoints(ref, ids)
    const orphans = ids.filter((id) => !owned.has(id))
    await context.storeMark.claim(signal)
    await context.storeMark.guard(async () => {
      if (orphans.length > 0) await store.delete(orphans, signal)
      const present = new Set(
        (await store.retrieve([...owned.keys()], { vector: false, payload: false }, signal)).map((point) => point.id),
      )
      await state.settleIntents(
        context.lease,
        intents.map((intent): WriteIntent => ({ ...intent, operation: present.has(intent.pointId) ? 'payload' : 'remove' })),
      )
    })
    settled += intents.length
  }
  if (settled > 0) context.logger.info('an interrupted run was settled', { intents: settled })
  return settled
}
