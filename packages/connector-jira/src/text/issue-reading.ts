import type { ExtraField } from '../api/field-catalog.ts'
import type { RichText } from './rich-text.ts'

/** How issues become documents. */
export interface IssueReading {
  readonly siteUrl: string
  readonly richText: RichText
  readonly extraFields: readonly ExtraField[]
  /**
   * Whether an issue names its subtasks. A subtask comes and goes without its parent being updated, so they are named
   * only where each of them is selected as well, and is seen.
   */
  readonly subtasks: boolean
  /** See `Validators.reading`. */
  readonly hash: string
}
