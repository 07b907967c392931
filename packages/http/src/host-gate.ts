import { Semaphore } from '@qdrant-loader/connector-sdk'
import { httpError } from './codes.ts'
import { HttpStatusError } from './http-status-error.ts'

/** What a {@link HostGate} needs. */
export interface HostGateDeps {
  readonly host: string
  readonly maxConcurrency: number
  /** Milliseconds between the starts of two requests. */
  readonly minDelayMs: number
  /** A pause longer than this is not waited for. */
  readonly maxPauseMs: number
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly progress: (activity: string) => void
}

/** Shorter waits are not worth a line of progress, in milliseconds. */
const QUIET_PAUSE_MS = 1000

/** Decides when the next request to one host may start: how many at once, how far apart, and not during a pause. */
export class HostGate {
  readonly #deps: HostGateDeps
  readonly #slots: Semaphore
  /** Held by the one that waits for its start, so that starts keep the order in which they were asked for. */
  readonly #turn = new Semaphore(1)
  #minDelayMs: number
  #lastStart = Number.NEGATIVE_INFINITY
  #pausedUntil = Number.NEGATIVE_INFINITY

  constructor(deps: HostGateDeps) {
    this.#deps = deps
    this.#slots = new Semaphore(deps.maxConcurrency)
    this.#minDelayMs = deps.minDelayMs
  }

  /**
   * Resolves when a request may start, with the function that says that it is over.
   * Rejects with the signal's reason, and with `http_rate_limited` when the host asked for too long a pause.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    await this.#slots.acquire(signal)
    try {
      await this.#turn.acquire(signal)
      try {
        await this.#waitUntilDue(signal)
      } finally {
        this.#turn.release()
      }
    } catch (error) {
      this.#slots.release()
      throw error
    }
    return () => this.#slots.release()
  }

  /** Keeps at least this distance between starts from now on; a shorter one than configured changes nothing. */
  setMinDelay(ms: number): void {
    this.#minDelayMs = Math.max(this.#deps.minDelayMs, ms)
  }

  /** No request starts for this long. A shorter pause than the one under way changes nothing. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#deps.now() + ms)
  }

  async #waitUntilDue(signal: AbortSignal): Promise<void> {
    let due = this.#due()
    for (;;) {
      const wait = due.at - this.#deps.now()
      if (wait <= 0) break
      if (due.asked && wait > this.#deps.maxPauseMs) throw this.#tooLong(wait)
      // The clock may be set back meanwhile: nobody waits longer than the pace or the longest pause.
      const ms = Math.min(wait, due.asked ? this.#deps.maxPauseMs : this.#minDelayMs)
      if (ms > QUIET_PAUSE_MS) this.#deps.progress(`waiting ${seconds(ms)} s, ${due.asked ? `${this.#deps.host} asks for it` : `the pace of ${this.#deps.host}`}`)
      await this.#deps.sleep(ms, signal)
      // Another answer may have asked for a pause while this one waited.
      const later = this.#due()
      if (later.at <= due.at) break
      due = later
    }
    signal.throwIfAborted()
    this.#lastStart = Math.max(this.#deps.now(), Math.min(due.at, this.#deps.now() + this.#minDelayMs))
  }

  #due(): { readonly at: number; readonly asked: boolean } {
    const paced = this.#lastStart + this.#minDelayMs
    return this.#pausedUntil > paced ? { at: this.#pausedUntil, asked: true } : { at: paced, asked: false }
  }

  #tooLong(wait: number): HttpStatusError {
    return new HttpStatusError({
      ...httpError.describe('http_rate_limited/wait', { host: this.#deps.host, seconds: seconds(wait) }),
      status: 429,
      retryAfterMs: wait,
      rateLimited: true,
    })
  }
}

/** Whole seconds for a message, rounded up. */
export function seconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
