import type { ShelfParts } from '../shelf/shelf-connector.ts'

/** The right connector with one part replaced, and the law that has to find it. */
export interface Defect {
  /** Title of the law. */
  readonly law: string
  readonly parts: Partial<ShelfParts>
}

/** Defects by what they do. */
export type Defects = Readonly<Record<string, Defect>>
