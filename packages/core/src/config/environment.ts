import type { ConfigPath } from './config-error.ts'

/** A variable of the environment that sets a key. */
export interface EnvironmentKey {
  readonly variable: string
  readonly path: ConfigPath
  readonly description: string
}

/** Variables that set a key of the configuration. They win over the file; an empty one counts as unset. */
export const ENVIRONMENT_KEYS: readonly EnvironmentKey[] = [
  {
    variable: 'STATE_DB_PATH',
    path: ['global', 'state_management', 'database_path'],
    description: 'The state database. It takes the place of `database_url` too.',
  },
  {
    variable: 'QDRANT_URL',
    path: ['global', 'qdrant', 'url'],
    description: 'The Qdrant server. Not used where the file has an `embedded` section and no `qdrant` section.',
  },
  {
    variable: 'QDRANT_API_KEY',
    path: ['global', 'qdrant', 'api_key'],
    description: 'Its API key. Used only where a Qdrant server is configured.',
  },
  {
    variable: 'QDRANT_COLLECTION_NAME',
    path: ['global', 'qdrant', 'collection_name'],
    description: 'The collection. Used only where a Qdrant server is configured.',
  },
  {
    variable: 'OPENAI_API_KEY',
    path: ['global', 'embedding', 'api_key'],
    description: 'API key of the embedding server. Used only with `provider: openai`.',
  },
  {
    variable: 'QDRANT_LOADER_LOG_LEVEL',
    path: ['global', 'logging', 'level'],
    description: 'The least severe level that is logged.',
  },
]

/** A flag of the command line that sets a key. */
export interface FlagKey {
  readonly flag: keyof SettingFlags
  readonly path: ConfigPath
}

/** Values of the flags that set keys, by the flag's name; undefined means that the flag was not given. */
export interface SettingFlags {
  readonly 'batch-size'?: number | undefined
  readonly workers?: number | undefined
  readonly retries?: number | undefined
  readonly 'log-level'?: string | undefined
}

/** Flags that set a key of the configuration. They win over the environment and the file. */
export const FLAG_KEYS: readonly FlagKey[] = [
  { flag: 'batch-size', path: ['global', 'ingestion', 'batch', 'size'] },
  { flag: 'workers', path: ['global', 'ingestion', 'parallel', 'max_workers'] },
  { flag: 'retries', path: ['global', 'retry', 'attempts'] },
  { flag: 'log-level', path: ['global', 'logging', 'level'] },
]
