import { z } from 'zod'

/** Where the next incremental detection starts. */
export const ConfluenceCursor = z.strictObject({
  /** 3: what each text used was recorded. An older one makes a listing. */
  version: z.literal(3),
  /** When the run that saved it began, by the server's clock: milliseconds since the epoch. Never a time that a search returned. */
  since: z.number().int().nonnegative(),
  /** Where the pages live: another address gives every document another URL. */
  place: z.string(),
  /** Scopes whose changes since then are all that is missing. One that could not be read is not among them. */
  covered: z.array(z.string()),
  /** Scopes that could be seen and showed nothing: not to be listed again before they show something. */
  doubted: z.array(z.string()),
  /** Scopes that showed pages in the last complete listing, whether they were selected or not. */
  shown: z.array(z.string()),
})

export type ConfluenceCursor = z.output<typeof ConfluenceCursor>
