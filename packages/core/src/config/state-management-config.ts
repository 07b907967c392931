import { z } from 'zod'
import { TABLE_PREFIX, TABLE_PREFIX_RULE } from '../state/table-prefix.ts'
import { duration } from './duration.ts'

const ConnectionPoolConfig = z.strictObject({
  size: z.int().min(1).max(100).describe('Connections that read; one more writes.').default(5),
  timeout: duration({
    minimum: '0ms',
    maximum: '1h',
    description: 'How long a statement waits while another process writes (the busy time-out).',
  }).prefault('30s'),
})

/** `global.state_management`: the database that remembers what was ingested. */
export const StateManagementConfig = z
  .strictObject({
    database_path: z
      .string()
      .min(1)
      .describe(
        "SQLite file, relative to the configuration file. Default: in the user's state folder. Not together with `database_url`.",
      )
      .optional(),
    database_url: z
      .string()
      .regex(/^sqlite:\/\/\/./, { error: 'must be of the form sqlite:///relative/path or sqlite:////absolute/path' })
      .describe('The same as a URL: `sqlite:///relative/path` or `sqlite:////absolute/path`.')
      .optional(),
    table_prefix: z
      .string()
      .regex(TABLE_PREFIX, { error: `must ${TABLE_PREFIX_RULE}` })
      .describe('Begins the name of every table, so that several installations can share one database.')
      .default('qdrant_loader_'),
    connection_pool: ConnectionPoolConfig.prefault({}),
  })
  .superRefine((config, context) => {
    if (config.database_path === undefined || config.database_url === undefined) return
    context.addIssue({ code: 'custom', path: ['database_url'], message: 'cannot be used together with database_path; remove one' })
  })
export type StateManagementConfig = z.output<typeof StateManagementConfig>
