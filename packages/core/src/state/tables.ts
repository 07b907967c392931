import { StateValidationError } from './state-errors.ts'

/** Names of the tables of the state, without the configured prefix. */
export const TABLES = [
  'source_states',
  'ingestion_history',
  'fingerprint_sets',
  'document_states',
  'document_dependencies',
  'chunk_states',
  'write_intents',
  'failures',
  'leases',
  'metric_samples',
] as const

/** The prefix of table names unless the configuration says otherwise. */
export const DEFAULT_TABLE_PREFIX = 'qdrant_loader_'

const PREFIX = /^(?:[A-Za-z_][A-Za-z0-9_]{0,39})?$/

/**
 * Checks a table prefix: letters, digits and underscores, at most 40, not starting with a digit, nor with `sqlite_`,
 * which SQLite keeps for itself. Empty is allowed. The prefix goes into SQL unescaped, so nothing else may pass.
 *
 * @throws StateValidationError
 */
export function checkTablePrefix(prefix: string): void {
  if (PREFIX.test(prefix) && !/^sqlite_/i.test(prefix)) return
  throw new StateValidationError({
    code: 'state_table_prefix_invalid',
    kind: 'config',
    message: `The table prefix ${JSON.stringify(prefix)} cannot be used in names of tables.`,
    hint: 'Set state_management.table_prefix to at most 40 letters, digits and underscores that start with a letter.',
  })
}

/** Name of the table in which TypeORM records the migrations that were run. */
export function migrationsTable(prefix: string): string {
  return `${prefix}migrations`
}
