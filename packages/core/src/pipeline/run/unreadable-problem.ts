import type { Logger } from '@qdrant-loader/connector-sdk'
import type { SourceRef } from '../../state/records.ts'
import type { ReportedError } from '../context/report.ts'
import type { Completion } from '../context/run-context.ts'

/**
 * What the user should know of scopes that could not be read. I10: this is no silent success, though the others went
 * well. The report says it as an error, so the log only tells of each.
 */
export function unreadableProblem(
  { unreadable = [] }: Pick<Completion, 'unreadable'>,
  context: { readonly ref: SourceRef; readonly logger: Logger },
): ReportedError | undefined {
  for (const { scope, code, message } of unreadable) context.logger.info('a scope cannot be read', { ...context.ref, scope, code, error: message })
  const [first, ...others] = unreadable
  if (first === undefined) return undefined
  const { code, kind, message, hint } = first
  return { code, kind, hint, message: others.length === 0 ? message : `${message} (and ${others.length} more like it)` }
}
