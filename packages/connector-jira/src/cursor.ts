import { z } from 'zod'

/** Where the next incremental detection starts. */
export const JiraCursor = z.strictObject({
  version: z.literal(3),
  /** Issues that were updated at or after this time are looked at: milliseconds since the epoch, by the server's clock. */
  since: z.int(),
  /** The same of the last complete listing, which saw all issues as they are remembered; null: there was none that did. */
  listed: z.int().nullable(),
  /** Base URL and what is selected: another server or selection leads to a full detection. */
  place: z.string(),
  /** Scopes that every detection up to this cursor could read. One that comes (back) later is listed completely. */
  covered: z.array(z.string()),
  /** Where the next complete listing goes on to look for new names; null when the last one looked at all. */
  names: z.strictObject({ payload: z.string().nullable(), text: z.string().nullable() }),
})

export type JiraCursor = z.output<typeof JiraCursor>
