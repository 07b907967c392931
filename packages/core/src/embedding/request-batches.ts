import { countTokens } from '../chunking/token-counter.ts'

/** What one request may hold. */
export interface BatchLimits {
  readonly inputs: number
  /** Tokens of `countTokens`, summed. An input that has more goes alone. */
  readonly tokens: number
}

/** Consecutive inputs of one request. */
export interface RequestBatch {
  /** Position of the first of them. */
  readonly from: number
  readonly inputs: readonly string[]
}

/** Cuts a list of inputs, in order, into requests that keep within the limits. */
export function requestBatches(inputs: readonly string[], limits: BatchLimits): RequestBatch[] {
  const batches: RequestBatch[] = []
  let from = 0
  let tokens = 0
  for (const [at, input] of inputs.entries()) {
    const more = tokensAtMost(input)
    if (at > from && (at - from >= limits.inputs || tokens + more > limits.tokens)) {
      batches.push({ from, inputs: inputs.slice(from, at) })
      from = at
      tokens = 0
    }
    tokens += more
  }
  if (from < inputs.length) batches.push({ from, inputs: inputs.slice(from) })
  return batches
}

/** A token is at least one byte: a short input needs no vocabulary, which a search would otherwise wait for. */
function tokensAtMost(input: string): number {
  const bytes = Buffer.byteLength(input)
  return bytes <= 2_000 ? bytes : countTokens(input)
}
