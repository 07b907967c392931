import type { SkipReason } from '@qdrant-loader/connector-sdk'

import type { Conversion, ConvertedText } from './format.ts'

/** What the thread is asked to do: one text at a time. */
export interface ThreadJob {
  readonly text: string
  readonly conversion: Omit<Conversion, 'include' | 'signal'>
  /** The converter may ask for files that the text includes. */
  readonly includes: boolean
}

/** The content of a file that a converter asked for. */
export interface IncludeAnswer {
  readonly asked: number
  readonly text: string | undefined
}

/** What the thread says. */
export type ThreadMessage =
  | { readonly converted: ConvertedText | { readonly skipped: SkipReason } }
  | { readonly failed: string }
  | { readonly asked: number; readonly path: string }
