import type { Json } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

/**
 * What a page's own record keeps for the next crawl. Short names: there is one for each page.
 */
const Validators = z.object({
  /** Fingerprint of the settings that the page was read with. */
  x: z.string(),
  /** ETag and Last-Modified, as sent. */
  e: z.string().optional(),
  m: z.string().optional(),
  /** URL whose validators these are, where temporary redirects led away from the page's own. */
  f: z.string().optional(),
  /** URL for readers, where it is not the id. */
  u: z.string().optional(),
  /** Its own times: published, modified. */
  t: z.tuple([z.string().nullable(), z.string().nullable()]).optional(),
  /** Links, packed. */
  l: z.string(),
  /** `lastmod` that the sitemap gave when the page was read and could no longer change under it. */
  s: z.string().optional(),
  /** Why the page has no text, where it has none. */
  n: z.string().optional(),
  /** Summary of its words; see `sketchOf`. */
  k: z.string().optional(),
  /** URL of a canonical page that turned out to lead nowhere. */
  c: z.string().optional(),
})

export type Validators = z.output<typeof Validators>

/** What an earlier crawl recorded; undefined when it was read with other settings or cannot be read. */
export function validatorsFrom(recorded: Json | undefined, fingerprint: string): Validators | undefined {
  const parsed = Validators.safeParse(recorded)
  return parsed.success && parsed.data.x === fingerprint ? parsed.data : undefined
}
