export type { DocumentChanges } from './document-commits.ts'
export { DocumentState, IngestionHistory } from './entities/index.ts'
export type { DocumentStateRow, IngestionHistoryRow } from './entities/index.ts'
export type { IngestionChanges } from './history.ts'
export type { IngestionState } from './ingestion-state.ts'
export { migrateDown, migrateUp, migrationStatus } from './migrate.ts'
export type { MigrationReverted, MigrationState, MigrationTarget } from './migrate.ts'
export type { StateMigration } from './migrations/index.ts'
export type { ProcessIdentity, ProcessProbe } from './process-identity.ts'
export type {
  ChunkRecord,
  DocumentCommit,
  DocumentRecord,
  DocumentValidators,
  DocumentStatus,
  FailureRecord,
  Fingerprints,
  HeldLease,
  IngestionRecord,
  LeftSource,
  RedoReason,
  RunCounters,
  RunMode,
  RunStatus,
  SourceRecord,
  SourceRef,
  StagedDeletion,
  OwnedPoint,
  VectorDonor,
  WriteIntent,
} from './records.ts'
export type { ReportFilter, SourceReport, StateSnapshot } from './reports.ts'
export type { SourceChanges } from './sources.ts'
export {
  ConcurrentUpdateError,
  DatabaseError,
  LeaseHeldError,
  MigrationError,
  StateError,
  StateNotFoundError,
  StateValidationError,
} from './state-errors.ts'
export { StateManager } from './state-manager.ts'
export type { StateManagerOptions } from './state-manager-options.ts'
export { resolveStatePath } from './state-path.ts'
export type { StatePath, StatePathInput } from './state-path.ts'
export { UTCDateTime } from './utc-date-time.ts'
