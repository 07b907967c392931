import { AsyncLocalStorage } from 'node:async_hooks'

/** Requests of one source's run. */
export interface RequestCounts {
  store: number
  embedder: number
  /** Tokens of embedder inputs, where somebody counts them: a dry run does. */
  tokens?: number
}

const scope = new AsyncLocalStorage<RequestCounts>()

/**
 * Runs a call so that requests made in it, however deep, count for it. Sources that are synced side by side share
 * one store and one embedder, and each still reports its own requests.
 */
export function countingRequests<Result>(counts: RequestCounts, call: () => Promise<Result>): Promise<Result> {
  return scope.run(counts, call)
}

/** Called by stores and embedders for each request they send, retries included. */
export function countRequest(kind: Exclude<keyof RequestCounts, 'tokens'>, requests = 1): void {
  const counts = scope.getStore()
  if (counts !== undefined) counts[kind] += requests
}

/** Called by the embedder of a dry run for the inputs that it is given. */
export function countTokensOfInputs(tokens: number): void {
  const counts = scope.getStore()
  if (counts !== undefined) counts.tokens = (counts.tokens ?? 0) + tokens
}
