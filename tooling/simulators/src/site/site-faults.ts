import type { IncomingMessage } from 'node:http'
import type { SiteBehaviour } from './site-options.ts'

/** Something that goes wrong with a request. */
export type SiteFault =
  | {
      /** This status and a short page; `retryAfter` is the value of the header: seconds or an HTTP date. */
      readonly kind: 'status'
      readonly status: number
      readonly retryAfter?: string
    }
  | {
      /** Never answers; `body` answers with the headers and the first bytes first. */
      readonly kind: 'hang'
      readonly when: 'headers' | 'body'
    }
  | {
      /** Closes the connection without an answer. */
      readonly kind: 'drop'
    }
  | {
      /**
       * Half of the body. `length`: the announced length is the whole one. `chunked`: the last chunk is missing.
       * `silent`: nothing shows it, as when the file on the server is cut.
       */
      readonly kind: 'truncate'
      readonly how: 'length' | 'chunked' | 'silent'
    }
  | {
      /** Refused in a way of {@link SiteBehaviour.refuse}. */
      readonly kind: 'refuse'
      readonly how: Exclude<SiteBehaviour['refuse'], 'off'>
    }
  | {
      /** A sign-in page with status 200. */
      readonly kind: 'login'
    }

/** To which requests a fault happens. */
export interface SiteFaultTarget {
  /** A path, or a test of it. Absent: every one. */
  readonly path?: string | ((path: string) => boolean)
  /** How often. Default: until it is cleared. */
  readonly times?: number
}

/** Faults that wait for their requests. */
export class SiteFaults {
  /** Who is let in; the others are answered with 401. Absent: everybody. */
  guard: ((request: IncomingMessage) => boolean) | undefined
  #waiting: { readonly fault: SiteFault; readonly target: SiteFaultTarget; left: number }[] = []

  add(fault: SiteFault, target: SiteFaultTarget = {}): void {
    this.#waiting.push({ fault, target, left: target.times ?? Number.POSITIVE_INFINITY })
  }

  /** The fault of this request. */
  take(path: string): SiteFault | undefined {
    const next = this.#waiting.find(({ target }) =>
      typeof target.path === 'function' ? target.path(path) : target.path === undefined || target.path === path,
    )
    if (next === undefined) return undefined
    next.left -= 1
    if (next.left <= 0) this.#waiting = this.#waiting.filter((entry) => entry !== next)
    return next.fault
  }

  clear(): void {
    this.#waiting = []
  }
}
