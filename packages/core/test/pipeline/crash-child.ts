// Runs one sync of the crash scenario and kills itself, as SIGKILL does, at the given moment.
// Arguments: folder, number of the moment. Prints `finished` when the run ends before that moment.
import { IncrementalIngestionService } from '../../src/pipeline/index.ts'
import { CRASH_SETTINGS, scriptedSource } from './crash-scenario.ts'
import { Workbench } from './workbench.ts'

const [directory = '', moment = '0'] = process.argv.slice(2)
let moments = 0

function mayDie(): void {
  if (moments === Number(moment)) process.kill(process.pid, 'SIGKILL')
  moments += 1
}

const WRITES = new Set([
  'acquireLease',
  'startRun',
  'finishRun',
  'updateSource',
  'recordIntents',
  'commitDocuments',
  'markSeen',
  'recordValidators',
  'settleIntents',
  'stageDeletions',
  'unstageDeletions',
  'commitDeletions',
  'recordFailures',
  'clearFailures',
  'releaseLease',
])

const bench = await Workbench.open({ directory, settings: CRASH_SETTINGS })
bench.store.onEffect = mayDie
const service = bench.service()
const deps = {
  state: new Proxy(bench.state, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      if (!WRITES.has(String(key))) return member.bind(target)
      return async (...args: unknown[]) => {
        mayDie()
        const result: unknown = await member.apply(target, args)
        mayDie()
        return result
      }
    },
  }),
}
const crashing = new IncrementalIngestionService({ ...service.dependencies, ...deps })
await crashing.sync([bench.job(scriptedSource(2))], {
  mode: 'incremental',
  dryRun: false,
  allowMassDelete: false,
  signal: new AbortController().signal,
})
await bench.close()
process.stdout.write('finished')
