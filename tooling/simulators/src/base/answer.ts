/** An answer of a server before it is written to the wire. */
export interface Answer {
  readonly status: number
  readonly body: string | Uint8Array
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds until it comes; `Infinity`: it never does. Default 0. */
  readonly afterMs?: number
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: JSON.stringify(body), contentType: 'application/json', headers }
}

/** An answer in HTML. */
export function html(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body, contentType: 'text/html;charset=UTF-8', headers }
}

/** An answer that never comes. */
export const NEVER: Answer = { status: 200, body: '', afterMs: Number.POSITIVE_INFINITY }

/** What the server refuses, as the real one does. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A request that our software must never send: it is refused with 400 and recorded. */
export class Violation extends Error {}

/** The value of `Authorization` for a name and a password. */
export function basicAuth(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}
