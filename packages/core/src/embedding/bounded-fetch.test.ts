import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EmbedderSimulator } from '@qdrant-loader/simulators'
import { OpenAiEmbedder } from './openai-embedder.ts'

const { signal } = new AbortController()

let server: EmbedderSimulator
beforeEach(async () => {
  server = await EmbedderSimulator.start()
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
})

function embedder(dimensions?: number): OpenAiEmbedder {
  return new OpenAiEmbedder({
    model: 'some-model',
    baseUrl: server.url,
    apiKey: 'sk-secret-4711',
    ...(dimensions === undefined ? {} : { dimensions }),
    retry: { ...DEFAULT_RETRY, attempts: 0 },
    now: Date.now,
    sleep: () => Promise.resolve(),
  })
}

describe('H4: an embeddings server', () => {
  it.each([
    ['as it is', undefined],
    ['compressed', 'gzip'],
  ])('that answers with 1.5 GB, %s, is cut off after what vectors for the request can take', async (_, coding) => {
    const spaces = Buffer.alloc(1_000_000, ' ')
    const piece = coding === undefined ? spaces : gzipSync(spaces)
    let pieces = 0
    server.misbehave = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...(coding !== undefined && { 'content-encoding': coding }) })
      const closed = once(response, 'close')
      for (; pieces < 1_500 && !response.destroyed; pieces += 1) {
        if (!response.write(piece)) await Promise.race([once(response, 'drain'), closed])
      }
      response.end()
      return true
    }
    const before = process.memoryUsage().rss
    await expect(embedder(8).embed(['a'], signal)).rejects.toMatchObject({ code: 'embedder_answer_too_large', kind: 'config' })
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
    if (coding === undefined) expect(pieces).toBeLessThan(100)
    expect(server.asked).toHaveLength(1)
  })

  it.each([301, 302, 303, 307, 308])('that redirects to another origin (%i) is not followed: no text and no key gets there', async (status) => {
    const asked: unknown[] = []
    const other = createServer((request, response) => {
      asked.push(request.headers)
      response.end('{}')
    })
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1/embeddings`
    server.misbehave = (_, response) => {
      response.writeHead(status, { location }).end()
      return true
    }
    await expect(embedder(8).embed(['a'], signal)).rejects.toMatchObject({ code: 'embedder_redirected', kind: 'config', message: expect.stringContaining(new URL(location).origin) })
    expect(asked).toEqual([])
    other.close()
  })

  it('that redirects within its origin is followed, with text and key, and not in circles', async () => {
    server.misbehave = ({ path }, response) => {
      if (path.endsWith('/')) return undefined
      response.writeHead(308, { location: `${path}/` }).end()
      return true
    }
    expect(await embedder(8).embed(['a'], signal)).toHaveLength(1)
    expect(server.asked.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/v1/embeddings', 'Bearer sk-secret-4711'],
      ['/v1/embeddings/', 'Bearer sk-secret-4711'],
    ])
    server.misbehave = ({ path }, response) => {
      response.writeHead(307, { location: path }).end()
      return true
    }
    await expect(embedder(8).embed(['a'], signal)).rejects.toMatchObject({ code: 'embedder_redirected' })
  })

  it('that answers long and right is read: 100 vectors of 8,192 dimensions', async () => {
    const inputs = Array.from({ length: 100 }, (_, at) => `input ${at}`)
    const vectors = await embedder(8_192).embed(inputs, signal)
    expect(vectors).toHaveLength(100)
  })
})
