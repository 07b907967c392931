import { type Answer, json } from '../base/answer.ts'

/** A successful answer in Qdrant's envelope. */
export function ok(result: unknown): Answer {
  return json(200, { usage: null, result, status: 'ok', time: 0.000_1 })
}

/** An error in Qdrant's envelope. */
export function failed(status: number, error: string): Answer {
  return json(status, { status: { error }, time: 0.000_1 })
}

/** What the server, or something before it, says without an envelope. */
export function plain(status: number, body: string): Answer {
  return { status, body, contentType: 'text/plain; charset=utf-8' }
}
