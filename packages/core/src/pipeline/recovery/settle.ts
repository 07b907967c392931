import type { OpenIntent, WriteIntent } from '../../state/records.ts'
import type { RunContext } from '../context/run-context.ts'

const PAGE = 500

/**
 * Step 0 of the commit protocol: looks up in the store what an interrupted run did. What it may have removed or
 * overwritten is put in doubt, so that its document is done again in this run, also when the source never names it
 * again. Points that nobody owns stay until after the ingestion: readers see no hole (I7), and their vectors serve those
 * who need them (I2). See {@link removeLeft}.
 */
export async function settleIntents(
  context: Pick<RunContext, 'ref' | 'state' | 'store' | 'lease' | 'logger' | 'signal'>,
): Promise<number> {
  const { ref, state, store, signal } = context
  let settled = 0
  for await (const intents of state.intents.open(ref, PAGE)) {
    signal.throwIfAborted()
    const ids = intents.map((intent) => intent.pointId)
    const owned = await state.chunks.owned(ref, ids)
    const points = await store.retrieve(ids, { vector: false, payload: false }, signal)
    const present = new Set(points.map((point) => point.id))
    await state.intents.settle(context.lease, intents.map((intent) => found(intent, owned.has(intent.pointId), present.has(intent.pointId))))
    settled += intents.length
  }
  if (settled > 0) context.logger.info('an interrupted run was settled', { intents: settled })
  return settled
}

function found(intent: OpenIntent, owned: boolean, present: boolean): WriteIntent {
  if (owned) return { ...intent, operation: present ? 'payload' : 'remove' }
  // What is not there may still be on its way: the store may be at it while the process that sent it is dead.
  return { ...intent, operation: present ? 'left' : 'upsert' }
}
