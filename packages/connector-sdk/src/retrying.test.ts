import { describe, expect, it } from 'vitest'
import { isLoaderError, LoaderError } from './errors.ts'
import type { LoaderErrorInit } from './errors.ts'
import { DEFAULT_RETRY } from './retry-policy.ts'
import { retrying, wasRetried } from './retrying.ts'
import type { RetryOptions } from './retrying.ts'

const policy = { attempts: 2, delayMs: 100, maxDelayMs: 150, rateLimitPatienceMs: 1_000 }

function failure(more: Partial<LoaderErrorInit> = {}): LoaderError {
  return new LoaderError({ code: 'x', kind: 'transient', message: 'it failed', hint: 'wait', ...more })
}

/** Calls what fails so often, on a clock that sleeping moves. */
async function run(errors: (times: number) => Error | undefined, options: Partial<RetryOptions> = {}) {
  let now = 0
  let calls = 0
  const waits: number[] = []
  const result = await retrying(
    async () => {
      const error = errors(calls)
      calls += 1
      if (error !== undefined) throw error
      return 'done'
    },
    {
      policy,
      signal: new AbortController().signal,
      now: () => now,
      random: () => 1,
      sleep: async (ms) => {
        waits.push(ms)
        now += ms
      },
      ...options,
    },
  ).catch((error: unknown) => error)
  return { result, calls, waits }
}

describe('retrying', () => {
  it('tries again after waits that double, up to the longest, and throws the last error when the attempts are used up', async () => {
    expect(await run((times) => (times < 2 ? failure() : undefined))).toEqual({ result: 'done', calls: 3, waits: [100, 150] })
    const { result, calls } = await run(() => failure())
    expect(calls).toBe(3)
    expect(isLoaderError(result)).toBe(true)
  })

  it('takes up to half of a wait off by chance', async () => {
    expect((await run((times) => (times < 2 ? failure() : undefined), { random: () => 0 })).waits).toEqual([50, 75])
  })

  it('tries no other kinds again', async () => {
    for (const kind of ['config', 'auth', 'document', 'internal'] as const) expect((await run(() => failure({ kind }))).calls).toBe(1)
    expect((await run(() => new Error('unknown'))).calls).toBe(1)
  })

  it('waits as long as the server asks, unless that is longer than the patience', async () => {
    expect((await run((times) => (times < 1 ? failure({ retryAfterMs: 900 }) : undefined))).waits).toEqual([900])
    expect(await run(() => failure({ retryAfterMs: 1_001 }))).toMatchObject({ calls: 1, waits: [] })
  })

  it('waits for a rate limit by time, whatever the attempts are', async () => {
    const limited = () => failure({ rateLimited: true })
    const { calls, waits } = await run(limited)
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(1_000)
    expect(calls).toBe(8)
    expect((await run((times) => (times < 7 ? limited() : undefined), { policy: { ...policy, attempts: 0 } })).result).toBe('done')
  })

  it('tries nothing again that somebody below has tried again, also where that is the cause', async () => {
    const { result } = await run(() => failure())
    expect(wasRetried(result)).toBe(true)
    expect((await run(() => failure({ cause: result }))).calls).toBe(1)
    expect(wasRetried(failure())).toBe(false)
  })

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController()
    const pending = retrying(() => Promise.reject(failure()), { policy: DEFAULT_RETRY, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
  })
})
