import { z } from 'zod'

const count = z.number().int().min(0)

/** What a crawl needs to know of the one before it. Documents remember the rest in their validators. */
export const PublicDocsCursor = z.strictObject({
  version: z.literal(1),
  /** `lost`: there was one, and the last run did not find it. */
  sitemap: z.enum(['some', 'none', 'lost']),
  /** The last run found less than a tenth of what was held. */
  suspect: z.boolean(),
  /** The site answered a missing path with its start page when it was read first. */
  uniform: z.boolean(),
  /** See `LastmodTrust`. */
  trust: z.strictObject({ announced: count, needed: count, round: count }),
  /** Pages that were never read and that the last run was not let in to, as hashes of their ids. */
  refused: z.array(z.string()).max(2_000),
  /** Permanent redirects of the last run, packed: what leads on although it is no document. */
  redirects: z.string(),
  /** Links that lead to nothing, packed; see `DeadLinks`. */
  dead: z.string().default(''),
  /** Set in checkpoints: a crawl on its way. */
  crawl: z.strictObject({ id: z.string(), startedAt: z.number(), nodes: count }).optional(),
})

export type PublicDocsCursor = z.output<typeof PublicDocsCursor>

/** Before the first run. */
export const FIRST_CURSOR: PublicDocsCursor = {
  version: 1,
  sitemap: 'none',
  suspect: false,
  uniform: false,
  trust: { announced: 0, needed: 3, round: 0 },
  refused: [],
  redirects: '',
  dead: '',
}
