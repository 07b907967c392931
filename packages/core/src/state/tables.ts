import { stateError } from './codes.ts'
import {
  ChunkState,
  DocumentDependency,
  DocumentState,
  Failure,
  FingerprintSet,
  IngestionHistory,
  Lease,
  MetricSample,
  SourceState,
  WriteIntentState,
} from './entities/index.ts'
import { StateValidationError } from './state-errors.ts'
import { TABLE_PREFIX } from './table-prefix.ts'

/** Every table of the state, in an order in which each stands behind those that it names. */
export const ENTITIES = [
  SourceState,
  IngestionHistory,
  FingerprintSet,
  DocumentState,
  DocumentDependency,
  ChunkState,
  WriteIntentState,
  Failure,
  Lease,
  MetricSample,
]

/** Their names, without the configured prefix. */
export const TABLES: readonly string[] = ENTITIES.map(({ options }) => String(options.name))

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
