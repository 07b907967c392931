// Runs one sync and kills itself, as SIGKILL does, after the store applied so many batches and before the commit.
// Arguments: a `KilledWorld` as JSON, whether the source is updated, the number of the commit (0: none).
import { IncrementalIngestionService } from '../../src/pipeline/index.ts'
import { type KilledWorld, killedSource, openWorld } from './killed-scenario.ts'
import { watchedState } from './watched-state.ts'

const [world = '', updated = '', moment = '0'] = process.argv.slice(2)
const { bench, embedder } = await openWorld(JSON.parse(world) as KilledWorld)
let commits = 0
const state = watchedState(bench.state, (verb, call) => {
  if (verb === 'documents.commit') commits += 1
  if (verb === 'documents.commit' && commits === Number(moment)) process.kill(process.pid, 'SIGKILL')
  return call()
})
const service = new IncrementalIngestionService({ ...bench.service(embedder).dependencies, state })
await service.sync([bench.job(killedSource(updated === 'true'))], {
  mode: 'incremental',
  dryRun: false,
  allowMassDelete: false,
  signal: new AbortController().signal,
})
await bench.close()
process.stdout.write(`finished after ${commits} commits`)
