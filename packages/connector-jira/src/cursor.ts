import { z } from 'zod'

/** Where the next incremental detection starts. */
export const JiraCursor = z.strictObject({
  version: z.literal(1),
  /** Issues that were updated at or after this time are looked at: milliseconds since the epoch, by the server's clock. */
  since: z.int(),
  /** Base URL and what is selected: another server or selection leads to a full detection. */
  place: z.string(),
  /** Scopes that every detection up to this cursor could read. One that comes (back) later is listed completely. */
  covered: z.array(z.string()),
})

export type JiraCursor = z.output<typeof JiraCursor>
