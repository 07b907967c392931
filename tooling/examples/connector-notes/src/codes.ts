import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

/** What goes wrong with notes: its kind, what happened, and what the user does about it. */
const CODES = {
  notes_folder_unreadable: {
    kind: 'config',
    message: 'The folder {folder} cannot be read[: {reason}]',
    hint: 'Check `folder` and its permissions. Nothing was deleted.',
  },
  'notes_folder_unreadable/missing': {
    kind: 'config',
    message: 'There is no folder {folder}',
    hint: 'Check `folder`: it is relative to the configuration file. Nothing was deleted.',
  },
  notes_note_unreadable: {
    kind: 'document',
    message: 'The note {note} cannot be read[: {reason}]',
    hint: 'Check its permissions. The next run tries again.',
  },
  notes_note_not_utf8: {
    kind: 'document',
    message: 'The note {note} is not UTF-8',
    hint: 'Save it as UTF-8. The next run tries again.',
  },
} as const satisfies ErrorTable

export const notesError = errorsOf(CODES)
