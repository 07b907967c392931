// A process that works on a state file, for tests that need more than one. It says `ready` on standard output when its
// part begins. Arguments: what to do, the path of the file, a name.
import { StateManager } from '../../src/state/state-manager.ts'
import { commitOf } from './test-state.ts'

const [task, path = '', name = ''] = process.argv.slice(2)
const quiet = () => undefined
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const ref = { project: 'default', sourceType: 'git', source: name }

const state = await StateManager.open({ path, now: Date.now, logger })
if (task === 'hold') await hold()
else if (task === 'crash') await crash()
else if (task === 'hammer') await hammer(Number(process.argv[5]))
await state.close()

/** Takes the lease and keeps it until it is killed. */
async function hold(): Promise<void> {
  await state.leases.acquire(ref)
  await forever()
}

/** Writes one batch, and half of another inside a transaction that never ends. */
async function crash(): Promise<void> {
  const lease = await state.leases.acquire(ref)
  await state.documents.commit(lease, 'r1', 'l1', [commitOf('committed', { points: ['p1'] })])
  await state.transaction(async () => {
    const many = Array.from({ length: 2_000 }, (_, n) => commitOf(`open-${n}`, { points: [`q${n}`] }))
    await state.documents.commit(lease, 'r1', 'l1', many)
    await state.deletions.commit(lease, 'r1', ['committed'])
    await forever()
  })
}

/** Many small transactions, on a source of its own and on one that all share by turns. */
async function hammer(rounds: number): Promise<void> {
  const lease = await state.leases.acquire(ref)
  process.stdout.write('ready\n')
  for (let round = 0; round < rounds; round += 1) {
    const id = `d${round}`
    await state.intents.record(lease, 'r1', [{ pointId: `${name}-${id}`, documentId: id, operation: 'upsert' }])
    await state.documents.commit(lease, 'r1', 'l1', [commitOf(id, { points: [`${name}-${id}`] })])
    await state.metrics.record([{ runId: name, name: 'round', value: round, at: new Date() }])
  }
  await state.leases.release(lease)
}

async function forever(): Promise<never> {
  process.stdout.write('ready\n')
  process.stdin.resume()
  return new Promise<never>(() => undefined)
}
