import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { cliError } from '../codes.ts'

/** A command line that cannot be understood. Exit status 2. */
export function usageError(problem: string, advice: string): LoaderError {
  return cliError('usage', { problem, advice })
}
