import type { ChangeDetector } from './change-detector.ts'
import type { ContentReader } from './content-reader.ts'

/** A source that was opened: what changed in it, what it holds, and the resources that both share. */
export interface OpenedSource<Cursor> {
  readonly detector: ChangeDetector<Cursor>
  readonly reader: ContentReader
  /** For `doctor`: tries to reach the source and throws a LoaderError when it cannot be used. Returns what it saw, in one line. */
  check(signal: AbortSignal): Promise<string>
  /**
   * Called once when the run is over. `committed` is the cursor that the host saved, undefined when it saved none:
   * what only older cursors need may be released.
   */
  close(committed: Cursor | undefined): Promise<void>
}
