import { defineConnector } from '@qdrant-loader/connector-sdk'
import { changeDetector } from './change-detector.ts'
import { NotesConfig } from './config.ts'
import { contentReader, EXTRACTION_VERSION } from './content-reader.ts'
import { NotesCursor } from './cursor.ts'
import { NotesFolder } from './notes-folder.ts'

/** Reads a folder of Markdown notes. */
export const connector = defineConnector<NotesConfig, NotesCursor>({
  apiVersion: 1,
  type: 'notes',
  configSchema: NotesConfig,
  cursorSchema: NotesCursor,
  capabilities: { identity: 'location', judges: true, reportsDeletions: false },
  fingerprints: ({ include_drafts }) => ({ selection: { include_drafts }, extraction: { version: EXTRACTION_VERSION } }),
  open: async (config, context) => {
    const folder = new NotesFolder(config, context)
    return {
      detector: changeDetector(folder),
      reader: contentReader(folder, context),
      check: async () => `${folder.path} has ${(await folder.list()).length} notes`,
      close: async () => {},
    }
  },
})
