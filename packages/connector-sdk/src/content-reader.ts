import type { DocumentStub, SourceDocument } from './document.ts'

/** Reads content. */
export interface ContentReader {
  /**
   * The document's content. `'gone'` when the source no longer has it: the host stages a deletion with an unknown
   * verdict. Called concurrently, up to the configured number of workers.
   */
  read(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'>
}
