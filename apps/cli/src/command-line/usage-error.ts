import { LoaderError } from '@qdrant-loader/connector-sdk'

/** A command line that cannot be understood. Exit status 2. */
export function usageError(message: string, hint: string): LoaderError {
  return new LoaderError({ code: 'usage', kind: 'config', message, hint })
}
