/** To which requests a fault happens. */
export interface FaultTarget {
  /** A route as the simulator counts it, such as `GET /collections/{collection_name}`, or a test of it; absent: any. */
  readonly route?: string | ((route: string) => boolean)
  /** How often. Default 1. */
  readonly times?: number
  /** How many requests that fit go well before. Default 0. */
  readonly after?: number
}

/** Faults of a simulated server that wait for their request. */
export class FaultSchedule<Fault> {
  #waiting: { readonly fault: Fault; readonly route: FaultTarget['route']; spared: number; left: number }[] = []
  readonly #fits: (route: string, wanted: string) => boolean

  /** `fits` says whether a route is meant by the one of a target. */
  constructor(fits: (route: string, wanted: string) => boolean) {
    this.#fits = fits
  }

  /** The fault happens to the next requests that fit. */
  add(fault: Fault, { route, times = 1, after = 0 }: FaultTarget = {}): void {
    this.#waiting.push({ fault, route, spared: after, left: times })
  }

  /** The fault happens to all requests that fit, until it is cleared. */
  stay(fault: Fault, target: Omit<FaultTarget, 'times'> = {}): void {
    this.add(fault, { ...target, times: Number.POSITIVE_INFINITY })
  }

  /** The fault for this request, if there is one. The first that was added goes first; all others count the request. */
  take(route: string): Fault | undefined {
    const fitting = this.#waiting.filter((entry) => this.#isMeant(route, entry.route))
    const next = fitting.find(({ spared }) => spared === 0)
    for (const entry of fitting) if (entry.spared > 0) entry.spared -= 1
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

  #isMeant(route: string, wanted: FaultTarget['route']): boolean {
    return typeof wanted === 'function' ? wanted(route) : wanted === undefined || this.#fits(route, wanted)
  }
}
