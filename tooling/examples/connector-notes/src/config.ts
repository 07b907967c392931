import { z } from 'zod'

/** One source of type `notes` as the user writes it. Strict: a misspelt key is an error. */
export const NotesConfig = z.strictObject({
  folder: z.string().min(1).describe('Folder of Markdown files, relative to the configuration file.'),
  include_drafts: z.boolean().default(false).describe('Read files whose name begins with an underscore, too.'),
})

export type NotesConfig = z.output<typeof NotesConfig>
