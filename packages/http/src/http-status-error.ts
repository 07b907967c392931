import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderErrorInit } from '@qdrant-loader/connector-sdk'

const BRAND = Symbol.for('@qdrant-loader/http-status-error')

/** What an {@link HttpStatusError} is made of. */
export interface HttpStatusErrorInit extends LoaderErrorInit {
  readonly status: number
  /** What the server said about it, fit for one line; empty when it said nothing that can be understood. */
  readonly detail?: string
}

/** A LoaderError that stands for a status. Recognise it with {@link isHttpStatusError}, not `instanceof`. */
export class HttpStatusError extends LoaderError {
  readonly [BRAND] = true
  readonly status: number
  readonly detail: string

  constructor(init: HttpStatusErrorInit) {
    super(init)
    this.name = 'HttpStatusError'
    this.status = init.status
    this.detail = init.detail ?? ''
  }
}

/** True for an {@link HttpStatusError} of this or any other copy of the package; with `status`, only for that one. */
export function isHttpStatusError(error: unknown, status?: number): error is HttpStatusError {
  if (!isLoaderError(error) || (error as { [BRAND]?: unknown })[BRAND] !== true) return false
  return status === undefined || (error as HttpStatusError).status === status
}
