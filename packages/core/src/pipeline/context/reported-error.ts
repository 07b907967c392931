import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { pipelineError } from './codes.ts'
import type { ReportedError } from './report.ts'

/** Any error in the shape of the report. What is no LoaderError is a defect. */
export function reportedError(error: unknown): ReportedError {
  if (isLoaderError(error)) {
    return { code: error.code, kind: error.kind, message: error.message, hint: error.hint }
  }
  return pipelineError.describe('unexpected_error', { said: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
}
