// Runs one sync and kills itself, as SIGKILL does, after the store applied so many batches and before the commit.
// Arguments: a `KilledWorld` as JSON, whether the source is updated, the number of the commit (0: none).
import { IncrementalIngestionService } from '../../src/pipeline/index.ts'
import { type KilledWorld, killedSource, openWorld } from './killed-scenario.ts'

const [world = '', updated = '', moment = '0'] = process.argv.slice(2)
const { bench, embedder } = await openWorld(JSON.parse(world) as KilledWorld)
let commits = 0
const state = new Proxy(bench.state, {
  get(target, key) {
    const member: unknown = Reflect.get(target, key)
    if (typeof member !== 'function') return member
    if (key !== 'commitDocuments') return member.bind(target)
    return (...args: unknown[]): unknown => {
      commits += 1
      if (commits === Number(moment)) process.kill(process.pid, 'SIGKILL')
      return member.apply(target, args)
    }
  },
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
