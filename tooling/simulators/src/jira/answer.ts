import { type Answer, html, json as plainJson } from '../base/answer.ts'

/** An answer with a JSON body, as Jira names its type. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { ...plainJson(status, body, headers), contentType: 'application/json;charset=UTF-8' }
}

/** An error as Jira tells it. */
export function failed(status: number, messages: readonly string[], headers: Readonly<Record<string, string>> = {}): Answer {
  return json(status, { errorMessages: messages, errors: {} }, headers)
}

/** What somebody sees who has to log in, or whom a proxy stops: no JSON, status 200. */
export const LOGIN_PAGE: Answer = html(
  200,
  '<!DOCTYPE html><html><head><title>Log in - Jira</title></head><body><form id="login-form" action="/login.jsp" method="post"><input name="os_username"><input name="os_password" type="password"></form></body></html>',
)
