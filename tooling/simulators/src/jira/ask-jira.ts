import { basicAuth } from '../base/answer.ts'
import type { JiraSimulator } from './jira-simulator.ts'

/** An answer as tests look at it. */
export interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are matched, not typed
  readonly data: any
}

/** Sends a request with the right credentials, or those given. */
export async function askJira(
  jira: JiraSimulator,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  authorization = basicAuth(jira.email, jira.token),
): Promise<Asked> {
  const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const response = await fetch(`${jira.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const text = await response.text()
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    data = undefined
  }
  return { status: response.status, headers: response.headers, text, data }
}
