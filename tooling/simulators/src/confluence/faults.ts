/** Something that goes wrong with one request. */
export type ConfluenceFault =
  | {
      /** Answers with this status. */
      readonly kind: 'status'
      readonly status: number
      /** Value of `Retry-After`: seconds or an HTTP date. */
      readonly retryAfter?: string
    }
  | {
      /** Waits before the answer; `Infinity` never answers. */
      readonly kind: 'delay'
      readonly ms: number
    }
  | {
      /** Closes the connection without an answer. */
      readonly kind: 'drop'
    }
  | {
      /** Sends the first half of the answer's JSON as if it were all of it. */
      readonly kind: 'truncate'
    }
  | {
      /** A page to log in with, as single sign-on in front of the server sends it: HTML with status 200. */
      readonly kind: 'login-page'
    }
  | {
      /** A listing by cursor without results, whose next link leads on to what is left. Nothing to listings by position. */
      readonly kind: 'empty-page'
    }
  | {
      /** Any answer. */
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly contentType: string
    }

/** To which requests a fault happens. */
export interface ConfluenceFaultTarget {
  /** A route as it is counted, such as `GET /wiki/api/v2/pages`, or a part of one; absent: any. */
  readonly route?: string
  /** How often. Default 1. */
  readonly times?: number
  /** How many requests that fit pass before. Default 0. */
  readonly after?: number
}

/** Faults that wait for their request. */
export class ConfluenceFaults {
  #waiting: { readonly fault: ConfluenceFault; readonly route: string | undefined; skip: number; left: number }[] = []

  /** The fault happens to the next requests that fit. */
  add(fault: ConfluenceFault, { route, times = 1, after = 0 }: ConfluenceFaultTarget = {}): void {
    this.#waiting.push({ fault, route, skip: after, left: times })
  }

  /** The fault for this request, if there is one. */
  take(route: string): ConfluenceFault | undefined {
    const fitting = this.#waiting.filter((entry) => entry.route === undefined || route.includes(entry.route))
    const next = fitting.find(({ skip }) => skip === 0)
    for (const entry of fitting) if (entry.skip > 0) entry.skip -= 1
    if (next === undefined) return undefined
    next.left -= 1
    this.#waiting = this.#waiting.filter(({ left }) => left > 0)
    return next.fault
  }

  /** Forgets what has not happened yet. */
  clear(): void {
    this.#waiting = []
  }

  /** Faults that have not happened yet. */
  get pending(): number {
    return this.#waiting.length
  }
}
