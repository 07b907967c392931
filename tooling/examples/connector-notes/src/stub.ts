import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { DocumentStub } from '@qdrant-loader/connector-sdk'
import { notesError } from './codes.ts'
import { isMissing, systemCode } from './errors.ts'
import type { NotesFolder } from './notes-folder.ts'

/** One folder is listed as a whole, so it is one scope. */
export const SCOPE = 'folder'

/** What is known of a note without its text. Undefined when it went away since it was listed. */
export async function stubOf(id: string, folder: NotesFolder): Promise<DocumentStub | undefined> {
  const file = folder.file(id)
  try {
    const { mtimeNs, size } = await stat(file, { bigint: true })
    // The time is a version and nothing else: a copy of the folder has other times, and must give the same payloads.
    return { id, scope: SCOPE, contentVersion: `${mtimeNs}-${size}`, location: { url: pathToFileURL(file).href, path: id } }
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw notesError('notes_note_unreadable', { note: id, reason: systemCode(cause) }, { cause })
  }
}
