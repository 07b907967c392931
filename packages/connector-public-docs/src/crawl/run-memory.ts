import type { LoaderError, Presence } from '@qdrant-loader/connector-sdk'
import type { Frontier } from './frontier.ts'

/** What one run found out, for the questions that the host asks afterwards. */
export interface RunMemory {
  /** Why documents could not be read, by id. */
  readonly failures: Map<string, LoaderError>
  /** What is known of documents that the crawl did not reach. */
  readonly verdicts: Map<string, Presence>
  /** The crawl of this run, once it has ended. */
  crawled: { readonly frontier: Frontier; readonly complete: boolean } | undefined
}

/** Before anything is known. */
export function emptyMemory(): RunMemory {
  return { failures: new Map(), verdicts: new Map(), crawled: undefined }
}
