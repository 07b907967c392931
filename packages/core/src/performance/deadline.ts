import type { Pulse } from './pulse.ts'

/**
 * Runs a call with a time limit. Rejects with `onTimeout(ms)` when the limit passes, with the signal's reason when it
 * is aborted; the call itself goes on unless it watches the signal, and what becomes of it then is ignored.
 */
export async function withDeadline<Result>(
  call: () => Promise<Result>,
  ms: number,
  signal: AbortSignal,
  onTimeout: (ms: number) => Error,
): Promise<Result> {
  signal.throwIfAborted()
  const race = Promise.withResolvers<never>()
  const abort = () => race.reject(signal.reason)
  const timer = setTimeout(() => race.reject(onTimeout(ms)), ms)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([call(), race.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/**
 * As {@link withDeadline}, with a limit on silence instead of time: each beat of `pulse`, and the start of the call,
 * gives it `ms` more.
 */
export async function withStallLimit<Result>(
  call: () => Promise<Result>,
  ms: number,
  signal: AbortSignal,
  pulse: Pulse,
  onStall: (ms: number) => Error,
): Promise<Result> {
  signal.throwIfAborted()
  const race = Promise.withResolvers<never>()
  const abort = () => race.reject(signal.reason)
  pulse.beat()
  let timer = setTimeout(look, ms)
  // A timer may come a little early by the other clock.
  function look(): void {
    const left = ms - pulse.silenceMs
    if (left < 1) race.reject(onStall(ms))
    else timer = setTimeout(look, left)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([call(), race.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
