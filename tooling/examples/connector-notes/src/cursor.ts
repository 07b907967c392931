import { z } from 'zod'

/** Every detection lists the whole folder, so the cursor has nothing to remember but its own version. */
export const NotesCursor = z.strictObject({ version: z.literal(1) })

export type NotesCursor = z.output<typeof NotesCursor>
