/** An answer of the server before it is written to the wire. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), contentType: 'application/json;charset=UTF-8' }
}

/** An error as Jira tells it. */
export function failed(status: number, messages: readonly string[], headers: Readonly<Record<string, string>> = {}): Answer {
  return { ...json(status, { errorMessages: messages, errors: {} }), headers }
}

/** What somebody sees who has to log in, or whom a proxy stops: no JSON, status 200. */
export const LOGIN_PAGE: Answer = {
  status: 200,
  contentType: 'text/html;charset=UTF-8',
  body: '<!DOCTYPE html><html><head><title>Log in - Jira</title></head><body><form id="login-form" action="/login.jsp" method="post"><input name="os_username"><input name="os_password" type="password"></form></body></html>',
}
