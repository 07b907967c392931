import { Agent, DecoratorHandler } from 'undici'
import type { Dispatcher } from 'undici'

/** Thrown inside of the HTTP library. `failureOf` finds it there by its name. */
class AnswerTooLarge extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'AnswerTooLarge'
  }
}

/** The connections of one store, as Qdrant's client makes them by itself: time-outs are those of each attempt. */
export function connections(): Promise<Dispatcher> {
  return Promise.resolve(new Agent({ bodyTimeout: 0, headersTimeout: 0, connections: 25, keepAliveTimeout: 10_000 }))
}

/**
 * These connections (what `fetch` takes as `dispatcher`) for one request whose answer may have this many bytes. The client reads an answer whole before
 * it looks at it, so the bytes are counted as they arrive, and the connection is cut with the first one too many.
 */
export function bounded(dispatcher: object, maxBytes: number): Dispatcher {
  return (dispatcher as Dispatcher).compose((dispatch) => (options, handler) => dispatch(options, new BoundedHandler(handler, maxBytes)))
}

/** What the library's class does with an answer; its types do not say. */
interface Handler {
  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers, text?: string): void
  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void
}
const Decorator = DecoratorHandler as unknown as new (handler: Dispatcher.DispatchHandler) => Handler

class BoundedHandler extends Decorator {
  readonly #maxBytes: number
  #bytes = 0

  constructor(handler: Dispatcher.DispatchHandler, maxBytes: number) {
    super(handler)
    this.#maxBytes = maxBytes
  }

  override onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers, text?: string): void {
    const coding = String(headers['content-encoding'] ?? 'identity').toLowerCase()
    const announced = Number(headers['content-length'] ?? 0)
    if (coding !== 'identity') return controller.abort(new AnswerTooLarge(`its answer is compressed (${coding.slice(0, 40)}) though that was not asked for`))
    if (announced > this.#maxBytes) return controller.abort(tooLarge(this.#maxBytes))
    super.onResponseStart(controller, status, headers, text)
  }

  override onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > this.#maxBytes) return controller.abort(tooLarge(this.#maxBytes))
    super.onResponseData(controller, chunk)
  }
}

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]

function tooLarge(maxBytes: number): AnswerTooLarge {
  return new AnswerTooLarge(`its answer is longer than ${maxBytes} bytes, more than what was asked for can take`)
}
