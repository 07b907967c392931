/** An answer of the server before it is written to the wire. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A successful answer in Qdrant's envelope. */
export function ok(result: unknown): Answer {
  return json(200, { usage: null, result, status: 'ok', time: 0.000_1 })
}

/** An error in Qdrant's envelope. */
export function failed(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { ...json(status, { status: { error }, time: 0.000_1 }), headers }
}

export function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), contentType: 'application/json' }
}

export function plain(status: number, body: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status, body, contentType }
}
