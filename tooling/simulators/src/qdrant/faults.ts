/** Something that goes wrong with one request. */
export type Fault =
  | {
      /** Answers with this status, without doing anything. */
      readonly kind: 'status'
      readonly status: number
      readonly text?: string
      /** Value of `Retry-After`: seconds or an HTTP date. */
      readonly retryAfter?: string
    }
  | {
      /** Waits before the answer; `Infinity` never answers. The request is carried out at once. */
      readonly kind: 'delay'
      readonly ms: number
    }
  | {
      /** Closes the connection without an answer, before or after the request is carried out. */
      readonly kind: 'drop'
      readonly when: 'before' | 'after'
    }
  | {
      /** Carries the request out and sends half of the answer's JSON. */
      readonly kind: 'truncate'
    }
  | {
      /** Answers 200 with this update status. `later`: the request is carried out before the next one. */
      readonly kind: 'update-status'
      readonly status: 'wait_timeout' | 'acknowledged'
      readonly applied: 'now' | 'later' | 'never'
    }
  | {
      /** An answer of something that is not Qdrant. */
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly contentType: string
      readonly headers?: Readonly<Record<string, string>>
    }

/** To which requests a fault happens. */
export interface FaultTarget {
  /** `PUT /collections/{collection_name}/points` and the like; absent: any. */
  readonly route?: string
  /** How often. Default 1. */
  readonly times?: number
}

/** Faults that wait for their request. */
export class FaultSchedule {
  readonly #waiting: { readonly fault: Fault; readonly route: string | undefined; left: number }[] = []

  /** The fault happens to the next requests that fit. */
  add(fault: Fault, { route, times = 1 }: FaultTarget = {}): void {
    this.#waiting.push({ fault, route, left: times })
  }

  /** The fault for this request, if there is one. */
  take(route: string): Fault | undefined {
    const next = this.#waiting.find((entry) => entry.route === undefined || entry.route === route)
    if (next === undefined) return undefined
    next.left--
    if (next.left <= 0) this.#waiting.splice(this.#waiting.indexOf(next), 1)
    return next.fault
  }

  /** Forgets what has not happened yet. */
  clear(): void {
    this.#waiting.length = 0
  }

  /** Faults that have not happened yet. */
  get pending(): number {
    return this.#waiting.length
  }
}
