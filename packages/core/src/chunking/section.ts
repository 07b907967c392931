import type { Unit } from './unit.ts'

/** What stands under one heading path. */
export interface Section {
  /** Outermost first; the section's own heading is the last. */
  readonly path: readonly string[]
  readonly units: readonly Unit[]
  /** How many of `path`, counted from the end, stand in the section's first lines themselves. */
  readonly ownHeadings: number
}
