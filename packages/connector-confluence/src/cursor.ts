import { z } from 'zod'
import { KNOWN_OF_SPACE } from './spaces/space-conclusions.ts'

/** Where the next incremental detection starts. */
export const ConfluenceCursor = z.strictObject({
  /** 3: what each text used was recorded. An older one makes a listing. */
  version: z.literal(3),
  /** When the run that saved it began, by the server's clock: milliseconds since the epoch. Never a time that a search returned. */
  since: z.number().int().nonnegative(),
  /** Where the pages live: another address gives every document another URL. */
  place: z.string(),
  /** What is known of each configured space, by its scope. */
  spaces: z.record(z.string(), z.enum(KNOWN_OF_SPACE)),
})

export type ConfluenceCursor = z.output<typeof ConfluenceCursor>
