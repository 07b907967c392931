import { stateError } from './codes.ts'
import { StateValidationError } from './state-errors.ts'
import { TABLE_PREFIX } from './table-prefix.ts'

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

/**
 * Checks a table prefix by {@link TABLE_PREFIX}.
 *
 * @throws StateValidationError
 */
export function checkTablePrefix(prefix: string): void {
  if (TABLE_PREFIX.test(prefix)) return
  throw new StateValidationError(stateError.describe('state_table_prefix_invalid', { prefix: JSON.stringify(prefix) }))
}

/** Name of the table in which TypeORM records the migrations that were run. */
export function migrationsTable(prefix: string): string {
  return `${prefix}migrations`
}
