import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

/** What goes wrong in a run, beside what connectors, embedder, store and state say themselves. */
export const PIPELINE_CODES = {
  detection_timeout: {
    kind: 'transient',
    message: 'The source gave no sign for {ms} ms while its changes were being listed',
    hint: 'Check that the source is reachable, or raise change_detection.timeout. Nothing was deleted.',
  },
  detector_broken: {
    kind: 'internal',
    message: 'The change detector {problem}',
    hint: 'Report it to the authors of the connector. Nothing was deleted and the next run starts from the same place.',
  },
  document_timeout: {
    kind: 'transient',
    message: '{id}: reading took longer than {ms} ms',
    hint: 'The next run tries it again. If it keeps failing, raise ingestion.parallel.timeout.',
  },
  document_repeats_secret: {
    kind: 'document',
    message: '{id} repeats a secret of the configuration, so it is not indexed',
    hint: 'Everybody who can read the document knows the secret. Revoke it and configure a new one: the next sync takes the document.',
  },
  store_written_meanwhile: {
    kind: 'transient',
    message: 'Somebody else wrote to the collection for this source since this run began.',
    hint: 'Run the sync again: it loads the source anew, without embedding what the collection holds already.',
  },
  unexpected_error: {
    kind: 'internal',
    message: '{said}',
    hint: 'This is a defect. Run again with --log-level debug and report what it prints.',
    about: { message: 'Something happened that this program does not know.' },
  },
} as const satisfies ErrorTable

export const pipelineError = errorsOf(PIPELINE_CODES)
