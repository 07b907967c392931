import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HttpClient } from '../src/index.ts'
import type { HttpClientOptions } from '../src/index.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A real HTTP server on loopback that remembers what it was asked. */
export interface Loopback extends AsyncDisposable {
  readonly url: string
  readonly host: string
  /** Method and path of each request, in order. */
  readonly asked: string[]
  readonly requests: IncomingMessage[]
}

export async function serve(handler: Handler): Promise<Loopback> {
  const asked: string[] = []
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    requests.push(request)
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => handler(request, response, body))
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    asked,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A clock that sleeping moves, and that nothing else does. */
export class FakeTime {
  now = Date.parse('2026-03-01T12:00:00Z')
  readonly slept: number[] = []

  readonly options: Pick<HttpClientOptions, 'now' | 'sleep' | 'random'> = {
    now: () => this.now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      this.slept.push(Math.round(ms))
      this.now += ms
    },
    random: () => 0,
  }
}

/** A client that closes itself. */
export class TestClient extends HttpClient implements AsyncDisposable {
  constructor(options: Partial<HttpClientOptions> = {}) {
    super({ userAgent: 'test/1', network: 'any', ...options })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

export const signal: AbortSignal = new AbortController().signal

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string; kind?: string; hint?: string }> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected an error')
}
