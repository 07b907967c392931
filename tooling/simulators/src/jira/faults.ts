import type { Answer } from './answer.ts'

/** Something that goes wrong with one request. */
export type Fault =
  | {
      /** Answers with this status. */
      readonly kind: 'status'
      readonly status: number
      readonly text?: string
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
      /** Sends half of the answer's JSON. */
      readonly kind: 'truncate'
    }
  | {
      /** A search: half of the rows, no further page, and a warning. Other requests are answered as always. */
      readonly kind: 'warning'
    }
  | {
      /** A bulk fetch: every second issue only as an entry of `issueErrors`. Other requests are answered as always. */
      readonly kind: 'issue-errors'
    }
  | ({
      /** An answer of something else, such as a login page. */
      readonly kind: 'answer'
    } & Answer)

/** To which requests a fault happens. */
export interface FaultTarget {
  /** `POST /rest/api/3/search/jql` and the like; absent: any. */
  readonly route?: string
  /** How often. Default 1. */
  readonly times?: number
  /** How many requests that fit go well before. Default 0. */
  readonly after?: number
}

/** Faults that wait for their request. */
export class FaultSchedule {
  readonly #waiting: { readonly fault: Fault; readonly route: string | undefined; left: number; spared: number }[] = []

  /** The fault happens to the next requests that fit. */
  add(fault: Fault, { route, times = 1, after = 0 }: FaultTarget = {}): void {
    this.#waiting.push({ fault, route, left: times, spared: after })
  }

  /** The fault for this request, if there is one. */
  take(route: string): Fault | undefined {
    for (const entry of this.#waiting) {
      if (entry.route !== undefined && entry.route !== route) continue
      if (entry.spared > 0) {
        entry.spared--
        continue
      }
      entry.left--
      if (entry.left <= 0) this.#waiting.splice(this.#waiting.indexOf(entry), 1)
      return entry.fault
    }
    return undefined
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
