import type { ServerResponse } from 'node:http'
import { type Answer, json } from '../base/answer.ts'
import { parsedJson } from '../base/route-table.ts'
import { type RoutedCall, type ServerOptions, SimulatedServer } from '../base/simulated-server.ts'

/** What one request asked for, and how. */
export interface EmbeddingRequest {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: { readonly model: string; readonly input: readonly string[]; readonly dimensions?: number; readonly encoding_format?: string }
}

/** Answers the so-manieth request by hand; undefined or false lets the server answer as a good one does. */
export type Misbehaviour = (request: EmbeddingRequest, response: ServerResponse, attempt: number) => boolean | undefined | Promise<boolean | undefined>

/** OpenAI's interface for embeddings, at any path. Vectors are a function of the input's text. */
export class EmbedderSimulator extends SimulatedServer<undefined, object> {
  /** What was asked for since the start. */
  readonly asked: EmbeddingRequest[] = []
  misbehave: Misbehaviour = () => undefined
  dimensions = 8

  private constructor(options: ServerOptions) {
    super({ ...options, counters: {}, prefix: '/v1' })
    this.byHand = ({ url: path = '', headers: { authorization } }, response, _url, body) => {
      const asked = { path, authorization, body: parsedJson(body) as EmbeddingRequest['body'] }
      this.asked.push(asked)
      return this.misbehave(asked, response, this.asked.length)
    }
  }

  static start(options: ServerOptions = {}): Promise<EmbedderSimulator> {
    return new EmbedderSimulator(options).listen()
  }

  get inputs(): readonly string[] {
    return this.asked.flatMap(({ body }) => body.input)
  }

  protected answer({ body }: RoutedCall<undefined, never>): Answer {
    const { input, model, dimensions = this.dimensions } = parsedJson(body) as EmbeddingRequest['body']
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text, dimensions) }))
    return json(200, { object: 'list', data: data.toReversed(), model, usage: { prompt_tokens: 1, total_tokens: 1 } })
  }

  protected refused(status: number, text: string): Answer {
    return json(status, { error: { message: text } })
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

/** Writes an answer by hand. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  return true
}
