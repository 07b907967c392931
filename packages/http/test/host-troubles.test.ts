import { describe, expect, test } from 'vitest'
import { errorOf, FakeTime, serve, signal, TestClient } from './loopback.ts'

describe('many requests to one host that fails', () => {
  test('are few when it stays down: one tries for all', async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.writeHead(503).end())
    await using client = new TestClient(time.options)
    const errors = await Promise.all(Array.from({ length: 16 }, (_, page) => errorOf(client.request({ url: `${server.url}/${page}`, signal }))))
    expect(errors.every(({ kind }) => kind === 'transient')).toBe(true)
    expect(server.asked.length).toBeLessThanOrEqual(30)
    const before = server.asked.length
    await errorOf(client.request({ url: `${server.url}/more`, signal }))
    expect(server.asked.length).toBe(before + 1)
  })

  test('are all answered when it comes back while that one tries', async () => {
    const time = new FakeTime()
    await using server = await serve((_, response) => response.writeHead(server.asked.length <= 17 ? 503 : 200).end())
    await using client = new TestClient(time.options)
    const answers = await Promise.all(Array.from({ length: 16 }, (_, page) => client.request({ url: `${server.url}/${page}`, signal })))
    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(200))
  })

  test('go on when the host answers again later', async () => {
    const time = new FakeTime()
    let down = true
    await using server = await serve((_, response) => response.writeHead(down ? 503 : 200).end())
    await using client = new TestClient(time.options)
    await Promise.all(Array.from({ length: 16 }, (_, page) => errorOf(client.request({ url: `${server.url}/${page}`, signal }))))
    down = false
    await client.request({ url: server.url, signal })
    down = true
    const before = server.asked.length
    await errorOf(client.request({ url: server.url, signal }))
    expect(server.asked.length).toBe(before + 4)
  })

  test('leave the retries of a single broken page on a good host alone', async () => {
    const time = new FakeTime()
    await using server = await serve((request, response) => response.writeHead(request.url === '/broken' ? 500 : 200).end())
    await using client = new TestClient(time.options)
    for (let page = 0; page < 20; page += 1) {
      await client.request({ url: `${server.url}/${page}`, signal })
      await errorOf(client.request({ url: `${server.url}/broken`, signal }))
    }
    expect(server.asked.filter((line) => line.endsWith('/broken'))).toHaveLength(80)
  })

  test('an abort ends a request that waits for the one that tries', async () => {
    const time = new FakeTime()
    const controller = new AbortController()
    await using server = await serve((_, response) => response.writeHead(503).end())
    const sleep = async (_ms: number, its: AbortSignal): Promise<void> => {
      if (server.asked.length > 16) controller.abort(new Error('enough'))
      its.throwIfAborted()
    }
    await using client = new TestClient({ ...time.options, sleep, retries: 50 })
    const errors = await Promise.all(Array.from({ length: 16 }, (_, page) => errorOf(client.request({ url: `${server.url}/${page}`, signal: controller.signal }))))
    expect(errors.map(({ message }) => message)).toEqual(Array(16).fill('enough'))
  })
})
