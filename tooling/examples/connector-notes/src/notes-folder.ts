import { readdir } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { ConnectorContext } from '@qdrant-loader/connector-sdk'
import { notesError } from './codes.ts'
import type { NotesConfig } from './config.ts'
import { isMissing, systemCode } from './errors.ts'
import { isNote } from './selection.ts'

/** The folder with the notes. The id of a note is its path in it, with `/` on every system. */
export class NotesFolder {
  readonly path: string
  readonly #config: NotesConfig
  readonly #context: Pick<ConnectorContext, 'count'>

  constructor(config: NotesConfig, context: Pick<ConnectorContext, 'configDirectory' | 'count'>) {
    this.path = resolve(context.configDirectory, config.folder)
    this.#config = config
    this.#context = context
  }

  /**
   * The ids of all notes.
   *
   * @throws LoaderError `notes_folder_unreadable`: never a part of them as if it were the whole.
   */
  async list(): Promise<readonly string[]> {
    this.#context.count('source')
    try {
      const entries = await readdir(this.path, { recursive: true, withFileTypes: true })
      const notes = entries.filter((entry) => entry.isFile() && isNote(entry.name, this.#config))
      return notes.map((entry) => relative(this.path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    } catch (cause) {
      if (isMissing(cause)) throw notesError('notes_folder_unreadable/missing', { folder: this.path }, { cause })
      throw notesError('notes_folder_unreadable', { folder: this.path, reason: systemCode(cause) }, { cause })
    }
  }

  /** Where a note is. */
  file(id: string): string {
    return join(this.path, id)
  }
}
