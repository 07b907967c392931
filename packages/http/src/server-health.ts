import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from './http-status-error.ts'

/** What a {@link ServerHealth} needs. */
export interface ServerHealthDeps {
  /**
   * Asks a cheap route of the server, with the retries of any other request. What it resolves with is not looked at;
   * every answer that is not a 5xx tells that the server serves, a 401, 403 or 404 as well.
   */
  readonly probe: (signal: AbortSignal) => Promise<unknown>
}

/** The first failure is followed by a probe, and then each of so many without a sign of life in between. */
const PROBE_EVERY = 10
/** Successes at the reduced size before a larger one is tried. It doubles each time that was too early. */
const GROW_AFTER = 8
/** The size that was too slow is not tried less often than after so many successes. */
const GROW_AFTER_AT_MOST = 128

/**
 * Tells a server that is down from single things that it cannot show, and remembers how much a slow one can show at
 * once. One for each opened source, shared by everything that reads from it.
 */
export class ServerHealth {
  readonly #deps: ServerHealthDeps
  #failures = 0
  #probing: Promise<void> | undefined
  #outage: unknown
  #most = Number.POSITIVE_INFINITY
  #answered = 0
  #growAfter = GROW_AFTER

  constructor(deps: ServerHealthDeps) {
    this.#deps = deps
  }

  /** The most things that may be asked for at once. Infinite until a larger request was too slow. */
  get mostAtOnce(): number {
    return this.#most
  }

  /** Throws the error of the outage once one was found: a server that is down is not asked again. */
  throwIfDown(): void {
    if (this.#outage !== undefined) throw this.#outage
  }

  /** The server answered what it was asked for. `size`: how many things at once. */
  succeeded(size = 1): void {
    this.#failures = 0
    if (size < this.#most) return
    this.#answered += 1
    if (this.#answered < this.#growAfter) return
    this.#answered = 0
    this.#most = Math.ceil(this.#most * 1.5)
  }

  /** A request for `size` things took too long because of their number: the next ones ask for half of them. */
  tooSlow(size: number): void {
    if (size > this.#most * 2) return
    // It had grown, and that was too early.
    if (Number.isFinite(this.#most)) this.#growAfter = Math.min(this.#growAfter * 2, GROW_AFTER_AT_MOST)
    this.#most = Math.min(this.#most, Math.max(1, Math.floor(size / 2)))
    this.#answered = 0
  }

  /**
   * A request failed in a way that may be the fault of what was asked for, or of the server. Resolves when the server
   * serves all the same. `half`: it was a part of what had failed before, so that the first failure tells nothing new.
   *
   * @throws what the probe threw, when it finds the server down: a LoaderError, `transient` for an outage.
   */
  async failed(signal: AbortSignal, half = false): Promise<void> {
    this.throwIfDown()
    this.#failures += 1
    if (this.#failures % PROBE_EVERY !== 0 && (half || this.#failures > 1)) return
    this.#probing ??= this.#probe(signal).finally(() => (this.#probing = undefined))
    await this.#probing
  }

  async #probe(signal: AbortSignal): Promise<void> {
    try {
      await this.#deps.probe(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (serves(error)) return
      this.#outage = error
      throw error
    }
  }
}

/** An answer, though not the one that was wanted. */
function serves(error: unknown): boolean {
  if (isHttpStatusError(error)) return error.status < 500 && error.status !== 429
  return isLoaderError(error) && error.kind === 'document'
}
