/**
 * What the host does about an error.
 *
 * - `config`: stops; the user changes the configuration.
 * - `auth`: stops; the user changes credentials or permissions.
 * - `transient`: is retried; then the source counts as unreachable. Deletes nothing.
 * - `document`: this document goes to the failure ledger, the others go on.
 * - `internal`: a defect of ours.
 *
 * `ERROR_KINDS` says it as a table.
 */
export type ErrorKind = 'config' | 'auth' | 'transient' | 'document' | 'internal'

/** What a {@link LoaderError} is made of. */
export interface LoaderErrorInit {
  /** Stable, lower-case, with underscores; connectors prefix theirs with the type: `git_branch_missing`. */
  readonly code: string
  readonly kind: ErrorKind
  /** What happened, to what. One line, without secrets. */
  readonly message: string
  /** What the user does about it: an instruction. */
  readonly hint: string
  readonly cause?: unknown | undefined
  /** For `transient`: how long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** For `transient`: the server works and wants fewer requests (429). It is waited for by time, see `RetryPolicy`. */
  readonly rateLimited?: boolean | undefined
}

const BRAND = Symbol.for('@qdrant-loader/error')

/** The one error type that crosses package borders. Recognise it with {@link isLoaderError}, not `instanceof`. */
export class LoaderError extends Error {
  readonly [BRAND] = true
  readonly code: string
  readonly kind: ErrorKind
  readonly hint: string
  readonly retryAfterMs: number | undefined
  readonly rateLimited: boolean

  constructor(init: LoaderErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'LoaderError'
    this.code = init.code
    this.kind = init.kind
    this.hint = init.hint
    this.retryAfterMs = init.retryAfterMs
    this.rateLimited = init.rateLimited ?? false
  }
}

/** True for a {@link LoaderError} from this or any other copy of the SDK. */
export function isLoaderError(error: unknown): error is LoaderError {
  return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true
}
