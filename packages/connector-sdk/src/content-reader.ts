import type { DocumentStub, SourceDocument } from './document.ts'

/** Reads the content of documents. */
export interface ContentReader {
  /**
   * The document's content. `'gone'` when the source no longer has it: the host stages a deletion with an unknown
   * verdict. Called concurrently, up to the configured number of workers. What it throws with the kind `document` fails
   * this document alone; `transient` is tried again first.
   *
   * @example
   * The version is taken from the answer, not from the listing: where the source moved on in between, the stub says so.
   *
   * ```ts
   * import { errorsOf } from '@qdrant-loader/connector-sdk'
   * import type { DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
   *
   * const notesError = errorsOf({
   *   notes_unreadable: {
   *     kind: 'document',
   *     message: 'The note {id} cannot be read: the server answers {status}',
   *     hint: 'Open it in the browser. It is tried again by the next sync.',
   *   },
   * })
   *
   * declare const server: {
   *   note(id: string, signal: AbortSignal): Promise<{ status: number; revision: number; title: string; markdown: string }>
   * }
   *
   * export async function read(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
   *   const { status, revision, title, markdown } = await server.note(stub.id, signal)
   *   if (status === 404) return 'gone'
   *   if (status !== 200) throw notesError('notes_unreadable', { id: stub.id, status })
   *   const text = markdown.trim()
   *   return {
   *     stub: { ...stub, contentVersion: String(revision) },
   *     text,
   *     title,
   *     format: 'markdown',
   *     contentType: 'text/markdown',
   *     skipped: text === '' ? 'empty' : undefined,
   *   }
   * }
   * ```
   */
  read(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'>
}
