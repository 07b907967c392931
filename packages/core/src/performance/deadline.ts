import { untilAborted } from '@qdrant-loader/connector-sdk'
import type { Pulse } from './pulse.ts'

/**
 * Runs a call with a time limit. Rejects with `onTimeout(ms)` when the limit passes, with the signal's reason when it
 * is aborted; the call itself goes on unless it watches the signal, and what becomes of it then is ignored.
 */
export function withDeadline<Result>(
  call: () => Promise<Result>,
  ms: number,
  signal: AbortSignal,
  onTimeout: (ms: number) => Error,
): Promise<Result> {
  return limited(call, ms, signal, () => 0, () => onTimeout(ms))
}

/**
 * As {@link withDeadline}, with a limit on silence instead of time: each beat of `pulse`, and the start of the call,
 * gives it `ms` more.
 */
export function withStallLimit<Result>(
  call: () => Promise<Result>,
  ms: number,
  signal: AbortSignal,
  pulse: Pulse,
  onStall: (ms: number) => Error,
): Promise<Result> {
  pulse.beat()
  return limited(call, ms, signal, () => ms - pulse.silenceMs, () => onStall(ms))
}

/** `left` says, once `ms` are over, how many more there are. */
async function limited<Result>(call: () => Promise<Result>, ms: number, signal: AbortSignal, left: () => number, over: () => Error): Promise<Result> {
  signal.throwIfAborted()
  const ended = Promise.withResolvers<never>()
  let timer = setTimeout(look, ms)
  function look(): void {
    const more = left()
    // A timer may come a little early by another clock.
    if (more < 1) ended.reject(over())
    else timer = setTimeout(look, more)
  }
  try {
    return await untilAborted(Promise.race([call(), ended.promise]), signal)
  } finally {
    clearTimeout(timer)
  }
}
