import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import { issueNotDelivered, parseAnswer } from '../errors.ts'
import { IssueBean } from '../schemas.ts'
import type { IssuesAnswer } from './jira-server.ts'

const Identified = z.object({ id: z.union([z.string(), z.number()]).transform(String) })

/** The id of an issue in an answer. @throws LoaderError for what has none. */
export function idOf(issue: unknown): string {
  return parseAnswer(Identified, issue, 'an issue').id
}

/**
 * Issues of an answer. One that has another shape than expected fails alone, and the others go on. `refused` are those
 * that the server named as failed, with its reason, redacted.
 */
export function parseIssues(
  answered: readonly unknown[],
  refused: readonly (readonly [id: string, reason: string])[],
): Pick<IssuesAnswer, 'issues' | 'failed'> {
  const failed = new Map<string, LoaderError>(refused.map(([id, reason]) => [id, issueNotDelivered(id, reason)]))
  const issues: IssueBean[] = []
  for (const one of answered) {
    const parsed = IssueBean.safeParse(one)
    if (parsed.success) issues.push(parsed.data)
    else {
      const id = idOf(one)
      failed.set(id, issueNotDelivered(id, `its answer has another shape than expected at ${parsed.error.issues[0]?.path.join('.') ?? 'its top'}`))
    }
  }
  return { issues, failed }
}
