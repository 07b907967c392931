// Configuration
export {
  checkDatabasePath,
  CONFIG_FILE_NAME,
  ConfigError,
  configJsonSchema,
  ENVIRONMENT_KEYS,
  exampleConfig,
  findConfig,
  FLAG_KEYS,
  formatDuration,
  listSettings,
  loadSettings,
  originOf,
  parseDuration,
  SAFE_DIRECTORIES,
  SCHEMA_FILE_NAME,
  secretsOf,
  showSettings,
  SOURCE_TYPE_ALIASES,
  strangerOf,
  trustedOwners,
  trustHint,
} from './config/index.ts'
export type {
  ChangeDetectionConfig,
  ChunkingConfig,
  ConfigFile,
  ConfigPath,
  ConfigProblem,
  ConnectorRequest,
  EmbeddedConfig,
  EmbeddingConfig,
  EnvironmentKey,
  ExampleOptions,
  FindConfigOptions,
  FlagKey,
  GlobalConfig,
  IngestionConfig,
  JsonSchema,
  LoadSettingsOptions,
  LoggingConfig,
  MonitoringConfig,
  Origin,
  ProjectConfig,
  ProjectSettings,
  QdrantConfig,
  ResolveConnector,
  SettingFlags,
  Settings,
  SourceChangeDetectionConfig,
  SourceConfig,
  SourceSettings,
  StateManagementConfig,
  TrustedOwners,
} from './config/index.ts'

// Secrets
export { REDACTED, SecretVault } from './secrets/secret-vault.ts'
export type { Secret } from './secrets/secret-forms.ts'
export { urlSecrets } from './secrets/url-secrets.ts'

// State
export {
  ConcurrentUpdateError,
  DatabaseError,
  DocumentState,
  IngestionHistory,
  LeaseHeldError,
  migrateDown,
  migrateUp,
  MigrationError,
  migrationStatus,
  resolveStatePath,
  StateError,
  StateManager,
  StateNotFoundError,
  StateValidationError,
  UTCDateTime,
} from './state/index.ts'
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
  IngestionState,
  LeftSource,
  MigrationReverted,
  MigrationState,
  MigrationTarget,
  RedoReason,
  RunCounters,
  RunMode,
  RunStatus,
  SourceRecord,
  SourceRef,
  StagedDeletion,
  StateManagerOptions,
  StatePath,
  StatePathInput,
  OwnedPoint,
  VectorDonor,
  WriteIntent,
} from './state/index.ts'

// Pipeline
export { DocumentChanges, IncrementalIngestionService, removeSource, repairSources, sumCounters, verifySources } from './pipeline/index.ts'
export type {
  DetectionSettings,
  Difference,
  DifferenceKind,
  Differences,
  DocumentAction,
  DocumentChange,
  EmbedderEstimate,
  PipelineSettings,
  ProgressEvent,
  Rehearsal,
  Removal,
  RemovalDependencies,
  RemovalOptions,
  ReportedError,
  RunDependencies,
  SourceJob,
  SourceReport,
  SourceVerification,
  SyncOptions,
  SyncReport,
  SyncStatus,
  UnconfiguredSource,
  VerificationReport,
  VerificationStatus,
  VerifyDependencies,
  VerifyOptions,
  VerifySourcesDependencies,
} from './pipeline/index.ts'

// Dry runs
export { openRehearsal } from './rehearsal/open-rehearsal.ts'
export type { RehearsalParts } from './rehearsal/open-rehearsal.ts'

// Performance
export { BatchProcessor, ParallelProcessor, PerformanceMonitor } from './performance/index.ts'
export type {
  BatchProcessorOptions,
  MetricStatistics,
  ParallelProcessorOptions,
  SourceResult,
} from './performance/index.ts'

// Stores
export { EmbeddedVectorStore, QdrantVectorStore } from './store/index.ts'
export type {
  CollectionInfo,
  CollectionSpec,
  EmbeddedVectorStoreOptions,
  Point,
  PointFilter,
  PointPayload,
  QdrantVectorStoreOptions,
  SearchHit,
  SearchMode,
  SearchQuery,
  SourcePoints,
  StoredPoint,
  VectorStore,
} from './store/index.ts'

// Chunking and embedding
export { CHUNKING_VERSION, chunkText, countTokens } from './chunking/index.ts'
export type { Chunk, ChunkingOptions, ChunkText } from './chunking/index.ts'
export {
  CheckedEmbedder,
  checkVectors,
  embeddingFingerprint,
  HashEmbedder,
  knownModel,
  normalise,
  OpenAiEmbedder,
} from './embedding/index.ts'
export type { CheckedEmbedderOptions, Embedder, ExpectedVectors, HashEmbedderOptions, KnownModel, OpenAiEmbedderOptions } from './embedding/index.ts'
