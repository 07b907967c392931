import { AsyncLocalStorage } from 'node:async_hooks'

/** Requests of one source's run. */
export interface RequestCounts {
  store: number
  embedder: number
  /** Tokens of embedder inputs, where somebody counts them: a dry run does. */
  tokens?: number
}

interface Scope {
  readonly counts: RequestCounts
  readonly say: (activity: string) => void
}

const scope = new AsyncLocalStorage<Scope>()

/** Shorter waits are not worth a line of progress, in milliseconds. */
const QUIET_WAIT_MS = 1_000

/**
 * Runs a call so that requests made in it, however deep, count for it. Sources that are synced side by side share
 * one store and one embedder, and each still reports its own requests. `say` is told what is waited for.
 */
export function countingRequests<Result>(
  counts: RequestCounts,
  call: () => Promise<Result>,
  say: (activity: string) => void = () => {},
): Promise<Result> {
  return scope.run({ counts, say }, call)
}

/** Called by stores and embedders for each request they send, retries included. */
export function countRequest(kind: Exclude<keyof RequestCounts, 'tokens'>, requests = 1): void {
  const counts = scope.getStore()?.counts
  if (counts !== undefined) counts[kind] += requests
}

/** Called by the embedder of a dry run for the inputs that it is given. */
export function countTokensOfInputs(tokens: number): void {
  const counts = scope.getStore()?.counts
  if (counts !== undefined) counts.tokens = (counts.tokens ?? 0) + tokens
}

/** Called by stores and embedders before they wait to try again, for the progress of the run: `waiting 30 s for Qdrant`. */
export function sayWaiting(ms: number, whom: string): void {
  if (ms > QUIET_WAIT_MS) scope.getStore()?.say(`waiting ${Math.ceil(ms / 1000)} s for ${whom}`)
}
