import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

/** What goes wrong with the content of one document. The others go on. */
export const CONTENT_CODES = {
  content_too_slow: {
    kind: 'document',
    message: '{name}: reading it as {format} took longer than {seconds} s',
    hint: 'Look at what the file holds. Leave it out with exclude_paths or file_types if nobody asks about it.',
  },
  content_too_large: {
    kind: 'document',
    message: '{name}: reading it as {format} needs more than {megabytes} MB of memory',
    hint: 'Split the file, or leave it out with exclude_paths or file_types.',
  },
  content_unreadable: {
    kind: 'document',
    message: '{name}: it could not be read as {format}: {reason}',
    hint: 'Repair the file, or leave it out with exclude_paths or file_types. If it is in order, please report it.',
  },
} as const satisfies ErrorTable

export const contentError = errorsOf(CONTENT_CODES)
