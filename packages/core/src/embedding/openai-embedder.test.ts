import { setTimeout as wait } from 'node:timers/promises'

import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { EmbedderSimulator, sendJson, vectorOf } from '@qdrant-loader/simulators'
import { normalise } from './normalise.ts'
import type { OpenAiEmbedderOptions } from './openai-embedder.ts'
import { OpenAiEmbedder } from './openai-embedder.ts'

const KEY = 'sk-secret-4711'
const NOW = Date.UTC(2026, 10, 22)

let server: EmbedderSimulator
let slept: number[]
const signal = new AbortController().signal

beforeEach(async () => {
  server = await EmbedderSimulator.start()
  slept = []
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server[Symbol.asyncDispose]()
})

function embedder(options: Partial<OpenAiEmbedderOptions> = {}): OpenAiEmbedder {
  return new OpenAiEmbedder({
    model: 'some-model',
    baseUrl: server.url,
    apiKey: KEY,
    retry: { ...DEFAULT_RETRY, attempts: 2, delayMs: 100 },
    random: () => 1,
    sleep: (ms) => {
      slept.push(ms)
      return Promise.resolve()
    },
    now: () => NOW,
    ...options,
  })
}

async function errorOf(promise: Promise<unknown>): Promise<LoaderError> {
  const error = await promise.then(
    () => expect.fail('it should have failed'),
    (reason: unknown) => reason as LoaderError,
  )
  const whole = JSON.stringify([error.message, error.hint, error.code, String(error.cause), error.stack])
  expect(whole).not.toContain(KEY)
  return error
}

describe('a good server', () => {
  it('gets each input once, and its vectors come back in order and of unit length', async () => {
    const inputs = Array.from({ length: 25 }, (_, at) => `input ${at} ${'x'.repeat(at)}`)
    const under = embedder({ batchSize: 10, dimensions: 8 })
    const vectors = await under.embed(inputs, signal)
    expect(vectors).toEqual(inputs.map((input) => normalise(vectorOf(input, 8))))
    expect([...server.inputs].sort()).toEqual([...inputs].sort())
    expect(server.asked.map(({ body }) => body.input.length).sort()).toEqual([10, 10, 5])
    expect(under.requests).toBe(3)
    expect(under.inputs).toBe(25)
    await under.close()
  })

  it('is asked for floats at its own path, with the key, and for dimensions only when they are configured', async () => {
    await embedder().embed(['a'], signal)
    await embedder({ dimensions: 5, baseUrl: `${server.url}/` }).embed(['a'], signal)
    expect(server.asked.map(({ path }) => path)).toEqual(['/v1/embeddings', '/v1/embeddings', '/v1/embeddings'])
    expect(server.asked.every(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true)
    expect(server.asked.every(({ body }) => body.encoding_format === 'float' && body.model === 'some-model')).toBe(true)
    expect(server.asked.map(({ body }) => body.dimensions)).toEqual([undefined, undefined, 5])
  })

  it('gets no credentials where none are configured, whatever the environment holds', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-environment')
    vi.stubEnv('OPENAI_ORG_ID', 'org-from-environment')
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1')
    const { apiKey: _, ...options } = { apiKey: KEY }
    const under = new OpenAiEmbedder({
      ...options,
      model: 'm',
      baseUrl: server.url,
      retry: { ...DEFAULT_RETRY, attempts: 0, delayMs: 1 },
    random: () => 1,
      sleep: () => Promise.resolve(),
      now: () => NOW,
    })
    await under.embed(['a'], signal)
    expect(server.asked[0]?.authorization).toBeUndefined()
    expect(JSON.stringify(server.seen[0]?.headers)).not.toContain('from-environment')
  })

  it('is asked once for its dimensions when nothing else says them', async () => {
    server.dimensions = 12
    const under = embedder()
    expect(await Promise.all([under.dimensions(signal), under.dimensions(signal)])).toEqual([12, 12])
    await under.embed(['a'], signal)
    expect(server.asked).toHaveLength(2)
    const known = embedder({ model: 'text-embedding-3-small' })
    expect(await known.dimensions(signal)).toBe(1536)
    expect(server.asked).toHaveLength(2)
  })

  it('gets at most as many requests at once as configured, over all calls', async () => {
    server.misbehave = async () => {
      await wait(5)
      return undefined
    }
    const under = embedder({ batchSize: 1, maxConcurrency: 3, dimensions: 8 })
    const inputs = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all([under.embed(inputs, signal), under.embed(inputs, signal)])
    expect(server.mostAtOnce).toBe(3)
  })

  it('gets no request of more than 250,000 tokens', async () => {
    const input = 'word '.repeat(60_000)
    await embedder({ dimensions: 8 }).embed([input, input, input, input, input, 'a'], signal)
    expect(server.asked.map(({ body }) => body.input.length).sort()).toEqual([2, 4])
  })
})

describe('the fingerprint', () => {
  it('names family, model and dimensions, not the server and not the key', () => {
    const one = embedder({ dimensions: 256 }).fingerprint
    expect(embedder({ dimensions: 256, baseUrl: 'http://other/v1', apiKey: 'other' }).fingerprint).toBe(one)
    expect(embedder({ dimensions: 512 }).fingerprint).not.toBe(one)
    expect(embedder({ dimensions: 256, model: 'other' }).fingerprint).not.toBe(one)
    const small = embedder({ model: 'text-embedding-3-small' }).fingerprint
    expect(embedder({ model: 'text-embedding-3-small', dimensions: 1536 }).fingerprint).toBe(small)
  })
})

describe('what may pass', () => {
  it.each([429, 500, 502, 503, 408])('is tried again after status %i', async (status) => {
    server.misbehave = (_, response, attempt) => attempt < 3 && sendJson(response, status, { error: { message: 'busy' } })
    expect(await embedder({ dimensions: 8 }).embed(['a'], signal)).toHaveLength(1)
    expect(slept).toEqual([100, 200])
  })

  it.each([
    ['7', 7_000],
    [new Date(NOW + 30_000).toUTCString(), 30_000],
  ])('waits as long as Retry-After: %s asks', async (header, ms) => {
    server.misbehave = (_, response, attempt) => attempt === 1 && sendJson(response, 429, {}, { 'retry-after': header, date: new Date(NOW).toUTCString() })
    await embedder({ dimensions: 8 }).embed(['a'], signal)
    expect(slept).toEqual([ms])
  })

  it('is an error of kind transient when it does not pass', async () => {
    server.misbehave = (_, response) => sendJson(response, 503, { error: { message: `no, ${KEY}!` } })
    const error = await errorOf(embedder({ dimensions: 8 }).embed(['a'], signal))
    expect(error).toMatchObject({ code: 'embedder_unreachable', kind: 'transient' })
    expect(error.message).toContain('no, ***!')
    expect(server.asked).toHaveLength(3)
  })

  it('is a server that is not there', async () => {
    const gone = await EmbedderSimulator.start()
    const baseUrl = gone.url
    await gone[Symbol.asyncDispose]()
    const error = await errorOf(embedder({ dimensions: 8, baseUrl }).embed(['a'], signal))
    expect(error).toMatchObject({ code: 'embedder_unreachable', kind: 'transient' })
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('is a connection that breaks off in the middle of an answer', async () => {
    server.misbehave = (_, response, attempt) => {
      if (attempt > 1) return undefined
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"data": [', () => response.destroy())
      return true
    }
    expect(await embedder({ dimensions: 8 }).embed(['a'], signal)).toHaveLength(1)
  })

  it.each([
    ['no answer', false],
    ['half an answer', true],
  ])('is a server that gives %s in time', async (_, half) => {
    server.misbehave = (_request, response) => {
      if (half) response.writeHead(200, { 'content-type': 'application/json' }).write('{"data": [')
      return true
    }
    const under = embedder({ dimensions: 8, timeoutMs: 1_000, retry: { ...DEFAULT_RETRY, attempts: 1, delayMs: 1 },
    random: () => 1 })
    const error = await errorOf(under.embed(['a'], signal))
    expect(error).toMatchObject({ code: 'embedder_unreachable', kind: 'transient' })
    expect(error.message).toContain('1000 ms')
    expect(server.asked).toHaveLength(2)
  })
})

describe('what does not pass', () => {
  it.each([
    [401, {}, 'embedder_auth_failed', 'auth'],
    [403, {}, 'embedder_auth_failed', 'auth'],
    [429, { code: 'insufficient_quota' }, 'embedder_quota_used_up', 'auth'],
    [404, {}, 'embedder_model_not_found', 'config'],
    [418, {}, 'embedder_bad_answer', 'config'],
  ])('status %i %j is %s, without another try', async (status, extra, code, kind) => {
    server.misbehave = (_, response) => sendJson(response, status, { error: { message: `Wrong key ${KEY}`, ...extra } })
    expect(await errorOf(embedder({ dimensions: 8 }).embed(['a'], signal))).toMatchObject({ code, kind })
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    ['{"error":{"message":"no such model"}}', '404 no such model'],
    ['{"error":"model \\"m\\" not found, try pulling it first"}', '404 model "m" not found, try pulling it first'],
    ['{"detail":"Not Found"}', '404 {"detail":"Not Found"}'],
    ['  nothing here\n\n', '404 nothing here'],
    ['', '404'],
  ])('the words of the server are said: %s', async (body, said) => {
    server.misbehave = (_, response) => {
      response.writeHead(404).end(body)
      return true
    }
    expect((await errorOf(embedder({ dimensions: 8 }).embed(['a'], signal))).message).toMatch(new RegExp(`: ${said.replace(/[{}]/g, '\\$&')}$`))
  })

  it('a refused input is a matter of its document', async () => {
    server.misbehave = ({ body }, response) =>
      body.input.includes('bad') && sendJson(response, 400, { error: { message: 'too long' } })
    const under = embedder({ dimensions: 8 })
    expect(await errorOf(under.embed(['a', 'bad'], signal))).toMatchObject({ code: 'embedder_input_refused', kind: 'document' })
    expect(await under.embed(['a'], signal)).toHaveLength(1)
  })

  it('a server that refuses whatever it is asked is a matter of configuration', async () => {
    server.misbehave = (_, response) => sendJson(response, 400, { error: { message: 'no such dimensions' } })
    for (const options of [{ dimensions: 8 }, {}]) {
      const error = await errorOf(embedder(options).embed(['a'], signal))
      expect(error).toMatchObject({ code: 'embedder_request_refused', kind: 'config' })
      expect(error.message).toContain('no such dimensions')
    }
  })
})

describe('an answer that is nonsense is embedder_bad_answer before any vector is seen', () => {
  const good = { index: 0, embedding: [1, 2, 3, 4, 5, 6, 7, 8] }
  it.each([
    ['no object', 'hello'],
    ['an error with status 200', { error: { message: 'nope' } }],
    ['too few vectors', { data: [good] }],
    ['too many vectors', { data: [good, { ...good, index: 1 }, { ...good, index: 2 }] }],
    ['the same index twice', { data: [good, good] }],
    ['an index too large', { data: [good, { ...good, index: 2 }] }],
    ['an index missing once', { data: [good, { embedding: good.embedding }] }],
    ['other dimensions', { data: [good, { index: 1, embedding: [1, 2, 3] }] }],
    ['null for a number', { data: [good, { index: 1, embedding: [1, 2, 3, 4, 5, 6, 7, null] }] }],
    ['base64', { data: [good, { index: 1, embedding: 'AAAA' }] }],
    ['all zero', { data: [good, { index: 1, embedding: [0, 0, 0, 0, 0, 0, 0, 0] }] }],
  ])('%s', async (_, answer) => {
    server.misbehave = (_request, response) => sendJson(response, 200, answer)
    const error = await errorOf(embedder({ dimensions: 8 }).embed(['a', 'b'], signal))
    expect(error).toMatchObject({ code: 'embedder_bad_answer', kind: 'config' })
    expect(error.message).toContain(server.url)
    expect(slept).toEqual([])
  })

  it.each([
    ['text/html', '<html>Please log in</html>'],
    ['application/json', '<html>Please log in</html>'],
    ['application/json', '{"data": [{"index": 0, "embedding": [1, 2, 3, 4, 5, 6, 7, 1e999]}]}'],
    ['application/json', '{"data": [{"index": 0, "embedding": [1, 2, 3, 4, 5, 6, 7, NaN]}]}'],
    ['application/json', ''],
  ])('%s: %s', async (type, body) => {
    server.misbehave = (_request, response) => {
      response.writeHead(200, { 'content-type': type }).end(body)
      return true
    }
    const error = await errorOf(embedder({ dimensions: 8 }).embed(['a'], signal))
    expect(error).toMatchObject({ code: 'embedder_bad_answer', kind: 'config' })
  })

  it('takes vectors without any index in the order they come', async () => {
    server.misbehave = ({ body }, response) =>
      sendJson(response, 200, { data: body.input.map((input) => ({ embedding: vectorOf(input, 8) })) })
    const vectors = await embedder({ dimensions: 8 }).embed(['a', 'b'], signal)
    expect(vectors).toEqual([normalise(vectorOf('a', 8)), normalise(vectorOf('b', 8))])
  })
})

describe('stopping', () => {
  it('gives up at once when it is cancelled, and leaves no request behind', async () => {
    const controller = new AbortController()
    server.misbehave = () => {
      controller.abort(new Error('stop'))
      return true
    }
    const under = embedder({ dimensions: 8, batchSize: 1, maxConcurrency: 2 })
    await expect(under.embed(['a', 'b', 'c', 'd'], controller.signal)).rejects.toThrow('stop')
    expect(server.asked.length).toBeLessThanOrEqual(2)
    await under.close()
  })

  it('stops the other batches after an error', async () => {
    server.misbehave = (_, response) => sendJson(response, 401, {})
    const under = embedder({ dimensions: 8, batchSize: 1, maxConcurrency: 1 })
    await errorOf(under.embed(['a', 'b', 'c', 'd'], signal))
    expect(server.asked).toHaveLength(1)
  })

  it('tells of each answer when it is there, and of those that were under way when a neighbour failed', async () => {
    const held: (() => void)[] = []
    server.misbehave = ({ body: { input } }, response) => {
      if (input[0] === 'bad') return sendJson(response, 401, {})
      if (input[0] !== 'slow') return false
      held.push(() => sendJson(response, 200, { data: [{ index: 0, embedding: vectorOf('slow', 8) }] }))
      return true
    }
    const under = embedder({ dimensions: 8, batchSize: 1, maxConcurrency: 3 })
    const told: number[] = []
    const embedding = errorOf(
      under.embed(['quick', 'bad', 'slow', 'later', 'last'], signal, async (from) => {
        told.push(from)
      }),
    )
    await expect.poll(() => held.length).toBe(1)
    await wait(50)
    for (const release of held) release()
    expect(await embedding).toMatchObject({ code: 'embedder_auth_failed' })
    expect(told).toEqual(expect.arrayContaining([0, 2]))
    expect(told).not.toContain(4)
  })

  it('sends no more while it is told of an answer', async () => {
    const under = embedder({ dimensions: 8, batchSize: 1, maxConcurrency: 1 })
    const order: string[] = []
    await under.embed(['a', 'b'], signal, async (from) => {
      order.push(`told of ${from}, sent ${server.asked.length}`)
      await wait(20)
    })
    expect(order).toEqual(['told of 0, sent 1', 'told of 1, sent 2'])
  })

  it('is closed when nothing is under way any more', async () => {
    const under = embedder({ dimensions: 8 })
    const told: string[] = []
    const embedding = under.embed(['a'], signal, async () => {
      told.push('begun')
      await wait(50)
      told.push('done')
    })
    await expect.poll(() => told).toEqual(['begun'])
    await under.close()
    expect(told).toEqual(['begun', 'done'])
    await embedding
  })

  it('refuses to work after it was closed', async () => {
    const under = embedder({ dimensions: 8 })
    await under.close()
    expect(await errorOf(under.embed(['a'], signal))).toMatchObject({ code: 'embedder_closed' })
  })
})
