import { parentPort } from 'node:worker_threads'

import type { Job, JobResult } from './messages.ts'
import type { SentenceModel } from './model.ts'

// The library prints remarks about its platform and back end; standard output belongs to the program that embeds.
// Its errors are thrown, and console.error is left alone.
const silent = (): void => undefined
Object.assign(console, { log: silent, info: silent, warn: silent, debug: silent })

const port = parentPort
if (port === null) throw new Error('this file is the entry of a worker thread')

let loading: Promise<SentenceModel> | undefined

async function run({ id, input }: Job): Promise<JobResult> {
  let model: SentenceModel
  try {
    loading ??= import('./model.ts').then(({ SentenceModel: Model }) => Model.load())
    model = await loading
  } catch (error) {
    return { id, failed: 'load', reason: reasonOf(error) }
  }
  try {
    return { id, vector: await model.embed(input) }
  } catch (error) {
    return { id, failed: 'embed', reason: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

port.on('message', (job: Job) => {
  // `run` answers a failure too, so this cannot reject.
  void run(job).then((result) => port.postMessage(result))
})
