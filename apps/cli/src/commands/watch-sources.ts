import { Semaphore } from '@qdrant-loader/connector-sdk'

/** What watching needs of one source. */
export interface WatchedSource {
  /** Milliseconds between two beginnings; a run that takes longer is followed by the next at once. */
  readonly intervalMs: number
  /** One sync of it. What it throws ends the watching of every source. */
  readonly sync: () => Promise<void>
}

/** What watching needs of its surroundings. */
export interface WatchDeps {
  /** So many sources are synced at once. */
  readonly atOnce: number
  readonly now: () => number
  /** Resolves after so many milliseconds; may reject once the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Looks at each source again at its own interval, until the signal is aborted. A source that takes long holds up no
 * other, as long as a place is free.
 */
export async function watchSources(sources: readonly WatchedSource[], deps: WatchDeps): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([deps.signal, failed.signal])
  const places = new Semaphore(deps.atOnce)

  async function pause(milliseconds: number): Promise<void> {
    try {
      await deps.sleep(milliseconds, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  async function watch(source: WatchedSource): Promise<void> {
    while (!signal.aborted) {
      const started = deps.now()
      await places.run(async () => (signal.aborted ? undefined : await source.sync()))
      await pause(Math.max(0, started + source.intervalMs - deps.now()))
    }
  }

  const outcomes = await Promise.allSettled(
    sources.map(async (source) => {
      try {
        await watch(source)
      } catch (error) {
        failed.abort(error)
        throw error
      }
    }),
  )
  const rejected = outcomes.find((outcome) => outcome.status === 'rejected')
  if (rejected !== undefined) throw rejected.reason
}
