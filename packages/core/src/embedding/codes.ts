import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

/** What goes wrong with a server that makes vectors. `{server}` is as in "embedding model m at https://…". */
export const EMBEDDING_CODES = {
  embedder_unreachable: {
    kind: 'transient',
    message: 'The {server} {problem}',
    hint: 'Check embedding.base_url and that the server is up, then run the command again. Nothing is lost.',
    about: { message: 'The embedding server cannot be reached, gave no answer in time, or wants fewer requests.' },
  },
  embedder_redirected: {
    kind: 'config',
    message: 'The {server} redirects to {target}. It was not followed: texts and key are sent to the configured server only.',
    hint: 'Set embedding.base_url to the address where the server is now, with https where it uses that.',
  },
  embedder_auth_failed: {
    kind: 'auth',
    message: 'The {server} refused the credentials: {said}',
    hint: 'Set embedding.api_key to a key that may use this model.',
  },
  embedder_quota_used_up: {
    kind: 'auth',
    message: 'The {server} has no quota left for this key: {said}',
    hint: 'Raise the quota of the account, or set embedding.api_key to another key.',
  },
  embedder_model_not_found: {
    kind: 'config',
    message: 'The {server} was not found: {said}',
    hint: 'Check that the server has the model {model}, and that embedding.base_url ends where /embeddings is to follow.',
  },
  embedder_input_refused: {
    kind: 'document',
    message: 'The {server} refused an input: {said}',
    hint: 'Lower chunking.chunk_size below what the model takes, or leave the document out.',
  },
  embedder_request_refused: {
    kind: 'config',
    message: '{refusal} (it refuses every request)',
    hint: 'Check that {model} is an embedding model, and embedding.dimensions.',
    about: { message: 'The embedding server refuses every request, whatever the input.' },
  },
  embedder_bad_answer: {
    kind: 'config',
    message: 'The {server} answered {answer}',
    hint: 'Check embedding.base_url, embedding.model and embedding.dimensions, then run `qdrant-loader doctor`.',
  },
  embedder_answer_too_large: {
    kind: 'config',
    message: 'The {server} answered more than {bytes} bytes, which no vectors for this request take.',
    hint: 'Check that embedding.base_url names an embeddings server, and embedding.model and embedding.dimensions.',
  },
  embedder_closed: {
    kind: 'internal',
    message: 'The {server} was asked for vectors after it was closed.',
    hint: 'Please report this with the log of the run.',
  },
} as const satisfies ErrorTable

export const embeddingError = errorsOf(EMBEDDING_CODES)
