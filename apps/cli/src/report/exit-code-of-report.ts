import type { SyncReport } from '@qdrant-loader/core/pipeline'
import { ExitCode, exitCodeOfError, worstExitCode } from '../failure/exit-code.ts'

/** The exit status that a finished sync deserves: the worst of its sources. */
export function exitCodeOfReport(report: SyncReport): number {
  return worstExitCode(
    report.sources.flatMap(({ error, documents, status }) => {
      if (status === 'failed' || status === 'stopped') return [error === null ? ExitCode.defect : exitCodeOfError(error)]
      // A part of the source that could not be read stands beside whatever else there is.
      const codes: number[] = error === null ? [] : [exitCodeOfError(error)]
      if (status === 'held' || documents.held > 0) codes.push(ExitCode.held)
      if (documents.failed > 0 || (status === 'partial' && error === null)) codes.push(ExitCode.documentsFailed)
      return codes
    }),
  )
}
