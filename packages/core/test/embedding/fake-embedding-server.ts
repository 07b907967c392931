import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** One request as it arrived. */
export interface SeenRequest {
  readonly path: string
  readonly authorization: string | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: { readonly model: string; readonly input: readonly string[]; readonly dimensions?: number; readonly encoding_format?: string }
}

/** Answers a request by hand; undefined lets the server answer as a good one does. */
export type Misbehaviour = (
  request: SeenRequest,
  response: ServerResponse,
  attempt: number,
) => boolean | undefined | Promise<boolean | undefined>

/** A server with OpenAI's embeddings interface on loopback. Vectors are a function of the input's text. */
export class FakeEmbeddingServer implements AsyncDisposable {
  readonly seen: SeenRequest[] = []
  misbehave: Misbehaviour = () => undefined
  dimensions = 8
  mostAtOnce = 0
  #atOnce = 0
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  static async start(): Promise<FakeEmbeddingServer> {
    const fake = new FakeEmbeddingServer()
    fake.#server.listen(0, '127.0.0.1')
    await once(fake.#server, 'listening')
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  get inputs(): readonly string[] {
    return this.seen.flatMap(({ body }) => body.input)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#atOnce += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce)
    response.once('close', () => (this.#atOnce -= 1))
    const body = JSON.parse(await text(request)) as SeenRequest['body']
    const seen = { path: request.url ?? '', authorization: request.headers.authorization, headers: request.headers, body }
    this.seen.push(seen)
    if ((await this.misbehave(seen, response, this.seen.length)) === true) return
    const dimensions = body.dimensions ?? this.dimensions
    const data = body.input.map((input, index) => ({ object: 'embedding', index, embedding: vectorOf(input, dimensions) }))
    sendJson(response, 200, { object: 'list', data: data.reverse(), model: body.model, usage: { prompt_tokens: 1, total_tokens: 1 } })
  }
}

/** A vector of length other than one that tells inputs apart. */
export function vectorOf(input: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, (_, at) => 1 + at)
  for (let at = 0; at < input.length; at++) {
    const place = (input.charCodeAt(at) * 31 + at) % dimensions
    vector[place] = (vector[place] ?? 0) + input.charCodeAt(at)
  }
  return vector
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  return true
}
