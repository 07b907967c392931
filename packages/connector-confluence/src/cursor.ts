import { z } from 'zod'

/** Where the next incremental detection starts. */
export const ConfluenceCursor = z.strictObject({
  version: z.literal(1),
  /** Start of the run that saved it, in milliseconds since the epoch. Never a time that a search returned. */
  since: z.number().int().nonnegative(),
  /** Where the pages live: another address gives every document another URL. */
  place: z.string(),
})

export type ConfluenceCursor = z.output<typeof ConfluenceCursor>
