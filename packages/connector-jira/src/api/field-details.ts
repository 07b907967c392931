import { z } from 'zod'

/** A field as Jira's list of fields describes it. */
export const FieldDetails = z.object({
  id: z.string(),
  name: z.string(),
  schema: z
    .object({
      type: z.string().optional(),
      items: z.string().optional(),
      custom: z.string().optional(),
      system: z.string().optional(),
    })
    .nullish(),
})

export type FieldDetails = z.output<typeof FieldDetails>
