import { type RoutedCall, SimulatedServer } from '@qdrant-loader/simulators'
import type { Answer as SentAnswer } from '@qdrant-loader/simulators'
import type { IncomingMessage } from 'node:http'

/** One answer of a {@link DocsServer}. Default: 200, and HTML. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A web server whose answers a test writes down, by path and query. What is not there is 404. */
export class DocsServer extends SimulatedServer<undefined, object> {
  readonly answers = new Map<string, Answer | ((request: IncomingMessage) => Answer)>()

  private constructor() {
    super({ counters: {} })
  }

  static start(): Promise<DocsServer> {
    return new DocsServer().listen()
  }

  /** Paths asked for since the last call, in order. */
  taken(): string[] {
    return this.seen.splice(0).map(({ path }) => path)
  }

  protected answer({ request, seen }: RoutedCall<undefined, never>): SentAnswer {
    const written = this.answers.get(seen.path)
    const { status, headers, body = '' } = typeof written === 'function' ? written(request) : (written ?? { status: 404, body: 'not found' })
    const etag = headers?.['etag']
    if (etag !== undefined && request.headers['if-none-match'] === etag && status === undefined) return { status: 304, headers: { etag }, body: '' }
    return { status: status ?? 200, contentType: 'text/html; charset=utf-8', ...(headers && { headers }), body }
  }

  protected refused(status: number, body: string): SentAnswer {
    return { status, body }
  }
}
