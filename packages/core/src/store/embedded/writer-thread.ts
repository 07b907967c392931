import { parentPort, workerData } from 'node:worker_threads'
import type { Point, PointPayload } from '../vector-store.ts'
import { CHECKPOINT_PAGES, type EmbeddedConnection, openEmbedded } from './embedded-connection.ts'
import { upsertPoints } from './embedded-writes.ts'
import { toStoreError } from './store-file-error.ts'
import type { WriterAnswer, WriterJob, WriterStart } from './writer-messages.ts'

// Runs in a thread of its own, started by ThreadedWriter: one connection, one transaction for each job.

const { path, busyTimeoutMs } = workerData as WriterStart
let connection: EmbeddedConnection | undefined

parentPort?.on('message', (job: WriterJob) => {
  if (job === 'close') {
    connection?.close()
    parentPort?.close()
  } else void write(job)
})

async function write(job: Exclude<WriterJob, 'close'>): Promise<void> {
  let answer: WriterAnswer = { id: job.id }
  try {
    connection ??= open()
    const target = connection
    const points = pointsOf(job)
    await target.write(() => upsertPoints(target, points))
  } catch (error) {
    const { code, kind, message, hint } = toStoreError(error, path)
    answer = { id: job.id, error: { code, kind, message, hint } }
  }
  parentPort?.postMessage(answer)
}

function open(): EmbeddedConnection {
  const opened = openEmbedded(path, { timeoutMs: busyTimeoutMs })
  if (opened === undefined) throw Object.assign(new Error('the file is gone'), { code: 'SQLITE_CANTOPEN' })
  opened.makeDurable(CHECKPOINT_PAGES)
  return opened
}

function pointsOf(job: Exclude<WriterJob, 'close'>): readonly Point[] {
  const points = JSON.parse(job.points) as readonly (readonly [id: string, payload: PointPayload])[]
  const dimensions = job.vectors.length / points.length
  return points.map(([id, payload], at) => ({
    id,
    payload,
    vector: job.vectors.subarray(at * dimensions, (at + 1) * dimensions),
  }))
}
