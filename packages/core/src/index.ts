// What a program needs that composes a sync of its own. Each room is a subpath (`@qdrant-loader/core/state`), which
// loads less, and has besides what only a command line asks for: names of files, whose they are, examples.
export { CHUNKING_VERSION, chunkText } from './chunking/index.ts'
export { configJsonSchema, exampleConfig, findConfig, listSettings, loadSettings, secretsOf, showSettings } from './config/index.ts'
export type { ResolveConnector, Settings } from './config/index.ts'
export { CheckedEmbedder, HashEmbedder, OpenAiEmbedder } from './embedding/index.ts'
export type { Embedder } from './embedding/index.ts'
export { DocumentChanges, IncrementalIngestionService, removeSource, repairSources, sumCounters, verifySources } from './pipeline/index.ts'
export type {
  Difference,
  DifferenceKind,
  DocumentAction,
  DocumentChange,
  ProgressEvent,
  SourceJob,
  SourceReport,
  SourceVerification,
  SyncOptions,
  SyncReport,
  SyncStatus,
  VerificationReport,
  VerificationStatus,
} from './pipeline/index.ts'
export { openRehearsal } from './rehearsal/index.ts'
export { SecretVault, urlSecrets } from './secrets/index.ts'
export type { Secret } from './secrets/index.ts'
export { migrateDown, migrateUp, migrationStatus, resolveStatePath, StateManager } from './state/index.ts'
export type { FailureRecord, IngestionRecord, IngestionState, LeftSource, RunCounters, SourceRef, StatePath } from './state/index.ts'
export { EmbeddedVectorStore, QdrantVectorStore } from './store/index.ts'
export type { Point, PointFilter, PointPayload, SearchHit, SearchMode, SourcePoints, StoredPoint, VectorStore } from './store/index.ts'
