import { z } from 'zod'

/** Where the next incremental detection starts. */
export const ConfluenceCursor = z.strictObject({
  version: z.literal(1),
  /** Start of the run that saved it, in milliseconds since the epoch. Never a time that a search returned. */
  since: z.number().int().nonnegative(),
  /** Where the pages live: another address gives every document another URL. */
  place: z.string(),
  /** Scopes whose changes since then are all that is missing. One that could not be read is not among them. */
  covered: z.array(z.string()),
})

export type ConfluenceCursor = z.output<typeof ConfluenceCursor>
