import type { ContentReader, DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
import { type Converted, convertContent, decodeFile, formatOf } from '@qdrant-loader/content/formats'
import { gitError } from './codes.ts'
import { pathToId } from './git/path-id.ts'
import { BlobReader } from './repository/blob-reader.ts'
import { LeftOutFiles } from './repository/left-out-files.ts'
import type { LeaveOut } from './repository/left-out-files.ts'
import type { Repository, Snapshot } from './repository/repository.ts'
import { readOrBring } from './repository/read-or-bring.ts'
import { entriesAt } from './tree/tree.ts'
import type { TreeEntry } from './tree/tree.ts'

/** What {@link GitContentReader} needs. */
export interface GitContentReaderDeps {
  readonly repository: Repository
  /** For messages: the address without credentials. */
  readonly display: string
  readonly maxFileSize: number
  readonly maxFiles: number
  /** Whether a path is a document of the source. */
  readonly selects: (path: string) => boolean
  readonly leaveOut: LeaveOut
  /** See `include_drafts`. */
  readonly drafts: boolean
  /** See `notebook_outputs`. */
  readonly notebookOutputs: boolean
  /** Called once for each blob that is read. */
  readonly onContent: () => void
}

interface Opened {
  readonly reader: BlobReader
  readonly snapshot: Snapshot
  /** Which files that others include are left out. */
  readonly leftOut: LeftOutFiles
}

/** Reads the content of files by blob id, so that it is the content which the detection saw. */
export class GitContentReader implements ContentReader {
  readonly #deps: GitContentReaderDeps
  #opened: Promise<Opened> | undefined

  constructor(deps: GitContentReaderDeps) {
    this.#deps = deps
  }

  async read(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
    signal.throwIfAborted()
    this.#opened ??= this.#open(signal)
    const opened = this.#opened
    const source = await opened.catch((error: unknown) => {
      if (this.#opened === opened) this.#opened = undefined
      throw error
    })
    this.#deps.onContent()
    const bytes = await this.#read(source.reader, stub, signal)
    signal.throwIfAborted()
    return bytes === undefined ? this.#missing(stub, source, signal) : this.#document(stub, bytes, source, signal)
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined)
    await opened?.reader.close()
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const { repository } = this.#deps
    const snapshot = (await repository.kept(signal)) ?? (await repository.refresh(signal, false))
    const { git } = snapshot
    return { reader: new BlobReader(git), snapshot, leftOut: new LeftOutFiles({ ...this.#deps, git, blobs: repository.blobs }) }
  }

  async #read(reader: BlobReader, { id, contentVersion }: DocumentStub, signal: AbortSignal): Promise<Buffer | undefined> {
    try {
      return await reader.read(contentVersion)
    } catch (cause) {
      await this.#deps.repository.markDamaged(signal)
      throw gitError('git_blob_unreadable', { path: id, remote: this.#deps.display }, { cause })
    }
  }

  /** The blob is not there: either the file went away since it was listed, or it has to be fetched. */
  async #missing(stub: DocumentStub, opened: Opened, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
    const { repository } = this.#deps
    const { id, contentVersion } = stub
    if ((await this.#entryOf(id, opened, signal))?.blob !== contentVersion) return 'gone'
    await repository.blobs.bringOne(contentVersion, signal)
    const bytes = await this.#read(opened.reader, stub, signal)
    if (bytes !== undefined) return this.#document(stub, bytes, opened, signal)
    throw repository.blobs.refusal(contentVersion) ?? this.#damaged(contentVersion)
  }

  /** What stands under an id in the commit that is read; undefined where nothing does. */
  async #entryOf(id: string, { snapshot: { git, commit } }: Opened, signal: AbortSignal): Promise<TreeEntry | undefined> {
    const { repository, maxFiles } = this.#deps
    try {
      return commit === null ? undefined : (await entriesAt(git, commit, [id], maxFiles, signal)).get(id)
    } catch (error) {
      signal.throwIfAborted()
      throw await repository.readingFailed(error)
    }
  }

  #damaged(blob: string): Error {
    return gitError('git_copy_damaged', { remote: this.#deps.display }, { cause: new Error(`the blob ${blob} is missing`) })
  }

  /**
   * The text of a file that another one includes. Only what is a document of the source itself: its changes are seen,
   * and lead back to those that include it. A file that cannot be read now fails the document, which is tried again.
   */
  async #included(path: string, opened: Opened, signal: AbortSignal): Promise<string | undefined> {
    const { repository, selects, maxFileSize } = this.#deps
    const { leftOut, reader, snapshot } = opened
    if (snapshot.commit === null || !selects(path)) return undefined
    const id = pathToId(Buffer.from(path))
    const entry = await this.#entryOf(id, opened, signal)
    if (entry?.kind !== 'file' || (entry.size ?? 0) > maxFileSize) return undefined
    await leftOut.learnAbove([id], snapshot.commit, signal)
    if (leftOut.has(id)) return undefined
    const bytes = await readOrBring(entry.blob, reader, repository.blobs, signal)
    if (bytes === undefined) throw this.#damaged(entry.blob)
    const decoded = bytes.length > maxFileSize ? undefined : await decodeFile(bytes)
    return decoded === undefined || 'skipped' in decoded ? undefined : decoded.text
  }

  async #document(stub: DocumentStub, bytes: Buffer, opened: Opened, signal: AbortSignal): Promise<SourceDocument> {
    const name = stub.location.path ?? stub.id
    const { drafts, notebookOutputs } = this.#deps
    const include = (path: string): Promise<string | undefined> => this.#included(path, opened, signal)
    const converted: Converted =
      bytes.length > this.#deps.maxFileSize
        ? { skipped: 'too-large', contentType: formatOf(name).contentType }
        : await convertContent({ bytes, name }, { drafts, notebookOutputs, include, signal })
    const { contentType } = converted
    if ('skipped' in converted) return { stub, text: '', format: 'text', contentType, skipped: converted.skipped }
    const { text, format, title, language, metadata, included } = converted
    const dependsOn = included?.map((path) => pathToId(Buffer.from(path)))
    return { stub, text, format, contentType, title, language, metadata, dependsOn }
  }
}
