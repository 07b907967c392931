import type { LoaderError } from '@qdrant-loader/connector-sdk'

/** Whether an answer with many things may have failed because of one of them: not for want of permission or patience. */
export function mayBeOfOne({ kind, code }: LoaderError): boolean {
  return kind === 'document' || (kind === 'transient' && code !== 'http_rate_limited')
}
