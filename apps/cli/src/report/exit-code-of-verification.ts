import type { VerificationReport } from '@qdrant-loader/core/pipeline'
import { ExitCode, exitCodeOfError, worstExitCode } from '../failure/exit-code.ts'
import { combineReports } from './combine-reports.ts'
import { exitCodeOfReport } from './exit-code-of-report.ts'

/** The exit status that a comparison deserves: what went wrong, differences that are left, and what a repair's sync met. */
export function exitCodeOfVerification(report: VerificationReport): number {
  return worstExitCode(
    report.sources.flatMap(({ status, error, repair }) => [
      ...(error === null ? [] : [exitCodeOfError(error)]),
      // Nothing could be compared: the collection does not hold what it should.
      ...(status === 'different' || status === 'unsynced' ? [ExitCode.documentsFailed] : []),
      ...(repair === null ? [] : [exitCodeOfReport(combineReports([repair.sync], 'incremental'))]),
    ]),
  )
}
