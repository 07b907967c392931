import { Worker } from 'node:worker_threads'

import { localEmbedderError } from './codes.ts'
import type { Job, JobResult } from './messages.ts'

/** A job that waits or runs. Settled once, whatever happens to its worker. */
interface PendingJob extends Job {
  readonly resolve: (vector: Float32Array) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Worker threads, each with a model of its own. They start when there is work for them, and while they are idle they
 * do not keep the process alive. A worker that dies fails its job only; the next job gets a new worker.
 */
export class WorkerPool {
  readonly #size: number
  readonly #entry: URL
  readonly #idle: Worker[] = []
  readonly #running = new Map<Worker, PendingJob>()
  readonly #waiting: PendingJob[] = []
  #nextId = 0
  #closed = false

  constructor(size: number, entry: URL) {
    this.#size = size
    this.#entry = entry
  }

  /** The vector of one input. A job that still waits when the signal fires never runs. */
  run(input: string, signal: AbortSignal): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(localEmbedderError('embedder_closed'))
      if (signal.aborted) return reject(signal.reason)
      const abort = (): void => {
        const at = this.#waiting.indexOf(job)
        if (at >= 0) this.#waiting.splice(at, 1)
        reject(signal.reason)
      }
      const job: PendingJob = {
        id: this.#nextId++,
        input,
        resolve: (vector) => {
          signal.removeEventListener('abort', abort)
          resolve(vector)
        },
        reject: (reason) => {
          signal.removeEventListener('abort', abort)
          reject(reason)
        },
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.push(job)
      this.#assign()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    const workers = [...this.#idle.splice(0), ...this.#running.keys()]
    for (const job of [...this.#waiting.splice(0), ...this.#running.values()]) job.reject(localEmbedderError('embedder_closed'))
    this.#running.clear()
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#running.size < this.#size ? this.#start() : undefined)
      const job = worker === undefined ? undefined : this.#waiting.shift()
      if (worker === undefined || job === undefined) return
      this.#running.set(worker, job)
      worker.ref()
      worker.postMessage({ id: job.id, input: job.input } satisfies Job)
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#entry)
    worker.on('message', (result: JobResult) => this.#finished(worker, result))
    worker.on('error', (error) => this.#died(worker, `failed: ${error instanceof Error ? error.message : String(error)}`))
    worker.on('exit', (code) => this.#died(worker, `ended by itself with code ${code}`))
    return worker
  }

  #finished(worker: Worker, result: JobResult): void {
    const job = this.#running.get(worker)
    if (job === undefined || job.id !== result.id) return
    this.#running.delete(worker)
    worker.unref()
    this.#idle.push(worker)
    if ('vector' in result) job.resolve(result.vector)
    else if (result.failed === 'load') job.reject(localEmbedderError('embedder_model_unreadable', { reason: result.reason }))
    else job.reject(localEmbedderError('embedder_worker_failed', { problem: `could not embed an input: ${result.reason}` }))
    this.#assign()
  }

  #died(worker: Worker, what: string): void {
    const at = this.#idle.indexOf(worker)
    if (at >= 0) this.#idle.splice(at, 1)
    const job = this.#running.get(worker)
    this.#running.delete(worker)
    job?.reject(localEmbedderError('embedder_worker_failed', { problem: what }))
    if (!this.#closed) this.#assign()
  }
}
