import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { gitError } from '../codes.ts'

/** More paths than a source may have. A few small objects can stand for any number of them. */
export function tooManyFiles(maxFiles: number): LoaderError {
  return gitError('git_too_many_files', { count: maxFiles.toLocaleString('en') })
}
