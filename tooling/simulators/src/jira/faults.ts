import type { Answer } from '../base/answer.ts'
import type { SharedFault } from '../base/faults.ts'
import { json } from './answer.ts'

/** Something that goes wrong with one request on Jira alone. */
export type OwnFault =
  | {
      /** A search: half of the rows, no further page, and a warning. Other requests are answered as always. */
      readonly kind: 'warning'
    }
  | {
      /** A bulk fetch: every second issue only as an entry of `issueErrors`. Other requests are answered as always. */
      readonly kind: 'issue-errors'
    }

/** Something that goes wrong with one request. */
export type JiraFault = SharedFault | OwnFault

/** A page of a search of which half is missing, with a warning. A bulk fetch has no warnings. */
export function withWarning(answer: Answer, cloud: boolean): Answer {
  const page = JSON.parse(answer.body.toString()) as { issues?: unknown[] }
  if (!Array.isArray(page.issues) || answer.status !== 200 || 'issueErrors' in page) return answer
  const { nextPageToken: _, ...rest } = page as Record<string, unknown>
  const issues = page.issues.slice(0, Math.floor(page.issues.length / 2))
  const message = 'The result set was truncated.'
  return json(200, { ...rest, issues, ...(cloud ? { isLast: true, warnings: [{ type: 'RESULT_TRUNCATED', message }] } : { warningMessages: [message] }) })
}

/** A bulk fetch of which every second issue could not be retrieved. */
export function withIssueErrors(answer: Answer): Answer {
  const page = JSON.parse(answer.body.toString()) as { issues?: { id: string }[]; issueErrors?: unknown }
  if (!Array.isArray(page.issueErrors) || page.issues === undefined) return answer
  const failing = page.issues.filter((_, at) => at % 2 === 0)
  const issueErrors = failing.map(({ id }) => ({ id, errorMessage: 'The issue could not be retrieved. Try again later.' }))
  return json(200, { ...page, issueErrors, issues: page.issues.filter((_, at) => at % 2 !== 0) })
}
