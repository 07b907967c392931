import type { SyncReport } from '@qdrant-loader/core'
import { ExitCode, exitCodeOfError, worstExitCode } from '../failure/exit-code.ts'

/** The exit status that a finished sync deserves: the worst of its sources. */
export function exitCodeOfReport(report: SyncReport): number {
  return worstExitCode(
    report.sources.flatMap(({ error, documents, status }) => {
      if (error !== null) return [exitCodeOfError(error)]
      if (status === 'failed') return [ExitCode.defect]
      const codes = status === 'held' || documents.held > 0 ? [ExitCode.held as number] : []
      return status === 'partial' || documents.failed > 0 ? [...codes, ExitCode.documentsFailed] : codes
    }),
  )
}
