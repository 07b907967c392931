import { z } from 'zod'

/** `global.embedded`: the store that lives in one SQLite file and needs no server. It is used when `qdrant` is absent. */
export const EmbeddedConfig = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe('File that holds the points, relative to the configuration file. Default: beside the state database.')
    .optional(),
})
export type EmbeddedConfig = z.output<typeof EmbeddedConfig>
