/** An answer of the server before it is written to the wire. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds until it comes. Default 0. */
  readonly afterMs?: number
}

/** What the server refuses, as the real one does. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** What no client should send: refused with 400 and recorded. */
export class Violation extends Error {}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: JSON.stringify(body), contentType: 'application/json', headers }
}

/** An error as the v2 interface words it. */
export function refusedV2(status: number, title: string): Answer {
  return json(status, { errors: [{ status, code: status === 404 ? 'NOT_FOUND' : 'INVALID_REQUEST_PARAMETER', title, detail: null }] })
}

/** An error as the v1 interface and Data Center word it. */
export function refusedV1(status: number, message: string): Answer {
  return json(status, {
    statusCode: status,
    data: { authorized: status !== 403, valid: false, allowedInReadOnlyMode: true, errors: [], successful: false },
    message,
  })
}

/**
 * What Atlassian's gateway answers to a token that lacks the scope of a route:
 * https://github.com/kovetskiy/mark/issues/917
 */
export const MISSING_SCOPE: Answer = {
  ...json(401, { code: 401, message: 'Unauthorized; scope does not match' }),
  headers: { 'x-failure-category': 'FAILURE_CLIENT_SCOPE_CHECK' },
}

export const LOGIN_PAGE: Answer = {
  status: 200,
  body: '<!DOCTYPE html><html><head><title>Log in</title></head><body><form method="post"><input name="os_username"><input type="password" name="os_password"></form></body></html>',
  contentType: 'text/html;charset=UTF-8',
}
