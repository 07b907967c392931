import { z } from 'zod'

const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)

/** Where the next incremental detection starts. */
export const GitCursor = z.strictObject({
  version: z.literal(1),
  /** The commit that was indexed; null for a repository without commits. */
  commit: objectId.nullable(),
  /** Hash of what decides locations: another branch or remote gives every document another URL. */
  place: z.string(),
  /** Hash of the commits at which history is cut off; another boundary changes times and authors. */
  boundary: z.string(),
})

export type GitCursor = z.output<typeof GitCursor>
