import type { JsonObject, KnownDocument } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

/** What is remembered of an issue beside its versions. */
export const Validators = z.object({
  /** `updated` in UTC (the zone in which it is written is the user's, and may change); null when the issue was too fresh to rely on it. */
  updated: z.string().nullable(),
  key: z.string(),
  project: z.string(),
  /** Hash of what decides how an issue is read. */
  reading: z.string(),
  /** Keys of the issues that this one names, by id. */
  near: z.record(z.string(), z.string()),
  /** See `Mentions.above`. */
  above: z.string().nullable(),
  /** Names in the payload that belong to others, by kind and id. */
  names: z.record(z.string(), z.string()),
  /**
   * Names in the text that belong to others (of people, and keys of issues), by kind and id: as the text shows them, or
   * as they were looked up when the text was read anew because of them. A text may keep an old name.
   */
  shown: z.record(z.string(), z.string()),
})

export type Validators = z.output<typeof Validators>

/** The validators of a known issue; undefined when an older version of the connector wrote others. */
export function validatorsOf(known: KnownDocument | undefined): Validators | undefined {
  const parsed = Validators.safeParse(known?.validators)
  return parsed.success ? parsed.data : undefined
}

/** As plain data for a stub. */
export function asJson({ updated, key, project, reading, near, above, names, shown }: Validators): JsonObject {
  return { updated, key, project, reading, near, above, names, shown }
}
