import { afterAll, describe, expect, it } from 'vitest'

import { createLocalEmbedder } from './create-local-embedder.ts'
import { WorkerPool } from './worker-pool.ts'

const signal = new AbortController().signal
const shared = createLocalEmbedder({ workers: 2 })
afterAll(() => shared.close())

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return Number.NaN
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}

describe('the local embedder', () => {
  it('gives a vector of unit length for every input, in order, also for odd ones', async () => {
    const inputs = ['How do I install it?', '', ' \n ', '漢字かな', '\ud800', 'x'.repeat(2_000)]
    const vectors = await shared.embed(inputs, signal)
    expect(vectors).toHaveLength(inputs.length)
    for (const vector of vectors) {
      expect(vector).toHaveLength(await shared.dimensions(signal))
      expect(cosine(vector, vector)).toBeCloseTo(1, 6)
    }
  })

  it('gives the same bits whatever the input is batched with and whichever worker does it', async () => {
    const input = 'A lease with a heartbeat keeps a second run from starting.'
    const many = await shared.embed([input, 'something else', input, 'short', input], signal)
    const [alone] = await shared.embed([input], signal)
    for (const at of [0, 2, 4]) expect(many[at]).toEqual(alone)
  })

  it('understands: a question is nearer to its answer than to something else', async () => {
    const [question, answer, other] = await shared.embed(
      ['How can I remove a document?', 'Deleting files from the collection', 'The weather in spring is mild.'],
      signal,
    )
    expect(cosine(question, answer)).toBeGreaterThan(cosine(question, other) + 0.1)
  })

  it('counts an input when its vector is there', async () => {
    const before = shared.inputs
    const embedding = shared.embed(['one', 'two'], signal)
    expect(shared.inputs).toBe(before)
    await embedding
    expect(shared.inputs).toBe(before + 2)
  })

  it('reads long inputs to their end', async () => {
    const filler = 'The quick brown fox jumps over the lazy dog near the river. '.repeat(20)
    const [plain, ended] = await shared.embed([filler, `${filler}Zebras migrate across Kenya in July.`], signal)
    expect(plain).not.toEqual(ended)
  })

  it('stops when it is cancelled, and works on for others', async () => {
    const controller = new AbortController()
    const cancelled = shared.embed(Array.from({ length: 50 }, (_, at) => `input ${at}`), controller.signal)
    controller.abort(new Error('stop'))
    await expect(cancelled).rejects.toThrow('stop')
    expect(await shared.embed(['still here'], signal)).toHaveLength(1)
  })

  it('fails what is not done yet when it is closed', async () => {
    const under = createLocalEmbedder({ workers: 1 })
    const embedding = under.embed(['a', 'b'], signal)
    const failed = expect(embedding).rejects.toMatchObject({ code: 'embedder_closed' })
    await under.close()
    await failed
    await expect(under.embed(['c'], signal)).rejects.toMatchObject({ code: 'embedder_closed' })
  })
})

describe('the worker pool', () => {
  const worker = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`)
  const echo = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ id, input }) => {
      if (input === 'exit') process.exit(3)
      if (input === 'throw') throw new Error('broken')
      if (input === 'load') parentPort.postMessage({ id, failed: 'load', reason: 'no such file' })
      else if (input === 'embed') parentPort.postMessage({ id, failed: 'embed', reason: 'bad shape' })
      else if (input !== 'hang') parentPort.postMessage({ id, vector: new Float32Array([Number(input)]) })
    })`

  it.each([
    ['exit', 'embedder_worker_failed', 'code 3'],
    ['throw', 'embedder_worker_failed', 'broken'],
    ['load', 'embedder_model_unreadable', 'no such file'],
    ['embed', 'embedder_worker_failed', 'bad shape'],
  ])('answers a worker that fails (%s) with an error, and goes on', async (input, code, message) => {
    const pool = new WorkerPool(1, worker(echo))
    const failed = pool.run(input, signal)
    const next = pool.run('7', signal)
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    expect([...(await next)]).toEqual([7])
    await pool.close()
  })

  it('fails a job whose worker never answers when it is closed or cancelled', async () => {
    const pool = new WorkerPool(1, worker(echo))
    const controller = new AbortController()
    const hanging = pool.run('hang', controller.signal)
    controller.abort(new Error('stop'))
    await expect(hanging).rejects.toThrow('stop')
    const behind = expect(pool.run('1', signal)).rejects.toMatchObject({ code: 'embedder_closed' })
    await pool.close()
    await behind
  })

  it('starts no more workers than it may', async () => {
    const pool = new WorkerPool(2, worker(`import { parentPort, threadId } from 'node:worker_threads'
      parentPort.on('message', ({ id }) => parentPort.postMessage({ id, vector: new Float32Array([threadId]) }))`))
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => pool.run(String(at), signal)))
    expect(new Set(answers.map(([thread]) => thread)).size).toBeLessThanOrEqual(2)
    await pool.close()
  })
})
