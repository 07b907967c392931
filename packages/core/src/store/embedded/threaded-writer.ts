import { errorFrom } from '@qdrant-loader/connector-sdk'
import { Worker } from 'node:worker_threads'
import { storeError } from '../codes.ts'
import type { Point } from '../vector-store.ts'
import type { WriterAnswer, WriterJob, WriterStart } from './writer-messages.ts'

/**
 * Writes points in a thread, over a connection of its own, so that a first sync uses a second core: SQLite is
 * synchronous, and with its full-text index it takes a quarter of the time of such a sync. The thread is started with
 * the first write, and keeps the process alive only while it writes.
 */
export class ThreadedWriter {
  readonly #start: WriterStart
  readonly #pending = new Map<number, PromiseWithResolvers<void>>()
  #worker: Worker | undefined
  #nextId = 0

  constructor(start: WriterStart) {
    this.#start = start
  }

  /**
   * Inserts or replaces points of one length in one transaction; resolved, they are on disk.
   * @throws LoaderError as a write in this thread would, `store_failed` when the thread dies
   */
  upsert(points: readonly Point[]): Promise<void> {
    const dimensions = points[0]?.vector.length ?? 0
    const vectors = new Float32Array(points.length * dimensions)
    for (const [at, point] of points.entries()) vectors.set(point.vector, at * dimensions)
    const id = this.#nextId++
    const pending = Promise.withResolvers<void>()
    this.#worker ??= this.#launch()
    this.#pending.set(id, pending)
    this.#worker.ref()
    const job: WriterJob = { id, points: JSON.stringify(points.map((point) => [point.id, point.payload])), vectors }
    this.#worker.postMessage(job, [vectors.buffer])
    return pending.promise
  }

  /** Waits for what is being written, and ends the thread. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map(({ promise }) => promise))
    const worker = this.#worker
    // None was needed, or it died.
    if (worker === undefined) return
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.ref()
    worker.postMessage('close' satisfies WriterJob)
    await ended
  }

  #launch(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js'
    // Flags of the main thread, such as `--input-type`, may not fit a file.
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#start, execArgv: [] })
    worker.on('message', ({ id, error }: WriterAnswer) => {
      const job = this.#pending.get(id)
      this.#pending.delete(id)
      if (this.#pending.size === 0) worker.unref()
      if (error === undefined) job?.resolve()
      else job?.reject(errorFrom(error))
    })
    worker.on('error', (error) => this.#died(worker, error))
    worker.on('exit', () => this.#died(worker, undefined))
    return worker
  }

  /** What it was writing is rolled back or committed, as after a crash; the next write gets a new thread. */
  #died(worker: Worker, cause: unknown): void {
    if (this.#worker === worker) this.#worker = undefined
    const jobs = [...this.#pending.values()]
    this.#pending.clear()
    const reason = cause instanceof Error ? cause.message : 'without a reason'
    for (const { reject } of jobs) reject(storeError('store_failed/thread', { path: this.#start.path, reason }, { cause }))
  }
}
