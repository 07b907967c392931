// Runs one sync of the crash scenario and kills itself, as SIGKILL does, at the given moment.
// Arguments: folder, number of the moment. Prints `finished` when the run ends before that moment.
import { IncrementalIngestionService } from '../../src/pipeline/index.ts'
import { CRASH_SETTINGS, scriptedSource } from './crash-scenario.ts'
import { watchedState } from './watched-state.ts'
import { Workbench } from './workbench.ts'

const [directory = '', moment = '0'] = process.argv.slice(2)
let moments = 0

function mayDie(): void {
  if (moments === Number(moment)) process.kill(process.pid, 'SIGKILL')
  moments += 1
}

const WRITES = new Set([
  'leases.acquire',
  'runs.start',
  'runs.finish',
  'sources.update',
  'intents.record',
  'documents.commit',
  'documents.markSeen',
  'documents.recordValidators',
  'intents.settle',
  'deletions.stage',
  'deletions.unstage',
  'deletions.commit',
  'failures.record',
  'failures.clear',
  'leases.release',
])

const bench = await Workbench.open({ directory, settings: CRASH_SETTINGS })
bench.store.onEffect = mayDie
const service = bench.service()
const state = watchedState(bench.state, (verb, call) => (WRITES.has(verb) ? dyingAround(call) : call()))
const crashing = new IncrementalIngestionService({ ...service.dependencies, state })
await crashing.sync([bench.job(scriptedSource(2))], {
  mode: 'incremental',
  dryRun: false,
  allowMassDelete: false,
  signal: new AbortController().signal,
})
await bench.close()
process.stdout.write('finished')

async function dyingAround(call: () => unknown): Promise<unknown> {
  mayDie()
  const result = await call()
  mayDie()
  return result
}
