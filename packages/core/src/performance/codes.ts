import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

/** What takes too long. */
export const PERFORMANCE_CODES = {
  batch_timeout: {
    kind: 'transient',
    message: 'Writing a batch took longer than {ms} ms',
    hint: 'Check the load of the vector store, lower ingestion.batch.size or raise ingestion.batch.timeout. The next run goes on.',
  },
} as const satisfies ErrorTable

export const performanceError = errorsOf(PERFORMANCE_CODES)
