import { readFile } from 'node:fs/promises'
import type { ConnectorContext, ContentReader, SourceDocument } from '@qdrant-loader/connector-sdk'
import { notesError } from './codes.ts'
import { isMissing, systemCode } from './errors.ts'
import type { NotesFolder } from './notes-folder.ts'
import { stubOf } from './stub.ts'

/** Raise it whenever the same file would give another text or title: every note is then read again. */
export const EXTRACTION_VERSION = 1

/** Reads the texts of notes. */
export function contentReader(folder: NotesFolder, { count }: Pick<ConnectorContext, 'count'>): ContentReader {
  return {
    async read({ id }, signal): Promise<SourceDocument | 'gone'> {
      // The version is read before the text: a file that changes in between is read again by the next run.
      const stub = await stubOf(id, folder)
      const text = stub && (await textOf(id, folder, signal))
      if (stub === undefined || text === undefined) {
        // A folder that is not there says nothing about its notes: then this throws.
        await folder.list()
        return 'gone'
      }
      count('content')
      const title = /^# (.+)$/m.exec(text)?.[1]
      const skipped = text.trim() === '' ? 'empty' : undefined
      return { stub, text, title, skipped, format: 'markdown', contentType: 'text/markdown' }
    },
  }
}

async function textOf(id: string, folder: NotesFolder, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted()
  const bytes = await readFile(folder.file(id), { signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    if (isMissing(cause)) return undefined
    throw notesError('notes_note_unreadable', { note: id, reason: systemCode(cause) }, { cause })
  })
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw notesError('notes_note_not_utf8', { note: id }, { cause })
  }
}
