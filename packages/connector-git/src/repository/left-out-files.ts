import { idToText, pathToId } from '../git/path-id.ts'
import type { Git } from '../git/git-process.ts'
import { leftOutKind, type LeftOut } from '../tree/left-out.ts'
import { ATTRIBUTES_FILE, foldersAbove, MarkedFiles, rulesOf } from '../tree/marked-files.ts'
import { entriesAt } from '../tree/tree.ts'
import type { TreeEntry } from '../tree/tree.ts'
import { BlobReader } from './blob-reader.ts'
import type { BlobSupply } from './blob-supply.ts'
import { readOrBring } from './read-or-bring.ts'

/** What is left out, by the keys of `leave_out`. */
export interface LeaveOut extends Readonly<Record<LeftOut, boolean>> {
  /** What `.gitattributes` calls `linguist-generated` or `linguist-vendored`. */
  readonly marked: boolean
}

/** What {@link LeftOutFiles} needs. */
export interface LeftOutFilesDeps {
  readonly git: Git
  readonly blobs: BlobSupply
  readonly leaveOut: LeaveOut
  readonly maxFiles: number
}

/** Says which of the selected files nobody asks about: by their names, and by what the repository says of them. */
export class LeftOutFiles {
  readonly #deps: LeftOutFilesDeps
  readonly #marks = new MarkedFiles()
  #isComplete = false

  constructor(deps: LeftOutFilesDeps) {
    this.#deps = deps
  }

  /** Whether `.gitattributes` files count. */
  get byMarks(): boolean {
    return this.#deps.leaveOut.marked
  }

  /** The same, for another commit. */
  again(): LeftOutFiles {
    return new LeftOutFiles(this.#deps)
  }

  hasByName(id: string): boolean {
    const kind = leftOutKind(idToText(id))
    return kind !== undefined && this.#deps.leaveOut[kind]
  }

  /** Only certain of files that something was learnt about. */
  has(id: string): boolean {
    return this.hasByName(id) || (this.byMarks && this.#marks.has(idToText(id)))
  }

  /** Reads all attribute files of a tree; others are not looked for any more. */
  async learnAll(attributes: readonly TreeEntry[], signal: AbortSignal): Promise<void> {
    if (!this.byMarks) return
    await this.#learn(attributes, signal)
    this.#isComplete = true
  }

  /** Reads the attribute files that count for these files at a commit, unless they are known. */
  async learnAbove(ids: readonly string[], commit: string, signal: AbortSignal): Promise<void> {
    if (!this.byMarks || this.#isComplete || ids.length === 0) return
    const folders = this.#marks.unknownFolders(ids.map(idToText))
    if (folders.length === 0) return
    const files = folders.map((folder) => pathToId(Buffer.from(folder + ATTRIBUTES_FILE)))
    const entries = await entriesAt(this.#deps.git, commit, files, this.#deps.maxFiles, signal)
    await this.#learn([...entries.values()], signal)
    for (const folder of this.#marks.unknownFolders(ids.map(idToText))) this.#marks.learn(folder, [])
  }

  async #learn(attributes: readonly TreeEntry[], signal: AbortSignal): Promise<void> {
    const files = attributes.filter(({ kind }) => kind === 'file')
    if (files.length === 0) return
    const { git, blobs } = this.#deps
    const reader = new BlobReader(git)
    try {
      for (const { id, blob } of files) {
        const bytes = await readOrBring(blob, reader, blobs, signal)
        this.#marks.learn(foldersAbove(idToText(id)).at(-1) ?? '', rulesOf(bytes ?? Buffer.alloc(0)))
      }
    } finally {
      await reader.close()
    }
  }
}
