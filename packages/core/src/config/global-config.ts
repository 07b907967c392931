import { z } from 'zod'
import { ChangeDetectionConfig } from './change-detection-config.ts'
import { ChunkingConfig } from './chunking-config.ts'
import { EmbeddedConfig } from './embedded-config.ts'
import { EmbeddingConfig } from './embedding-config.ts'
import { IngestionConfig } from './ingestion-config.ts'
import { LoggingConfig } from './logging-config.ts'
import { MonitoringConfig } from './monitoring-config.ts'
import { QdrantConfig } from './qdrant-config.ts'
import { RetryConfig } from './retry-config.ts'
import { StateManagementConfig } from './state-management-config.ts'

/** `global`: everything that is not about one source. Durations are milliseconds, paths as written. */
export const GlobalConfig = z
  .strictObject({
    qdrant: QdrantConfig.describe('The Qdrant server. Without this section the embedded store is used.').optional(),
    embedded: EmbeddedConfig.describe('The embedded store: one SQLite file. Not together with `qdrant`.').optional(),
    embedding: EmbeddingConfig.describe('What turns text into vectors.').prefault({}),
    chunking: ChunkingConfig.describe('How documents are cut into chunks.').prefault({}),
    logging: LoggingConfig.describe('What is logged, and where to.').prefault({}),
    state_management: StateManagementConfig.describe('The database that remembers what was ingested.').prefault({}),
    change_detection: ChangeDetectionConfig.describe(
      'How often sources are looked at, and how many deletions are believed. Each key can also be set for one source.',
    ).prefault({}),
    ingestion: IngestionConfig.describe('How much is done at once.').prefault({}),
    retry: RetryConfig.describe('How often and how patiently it is tried again what failed for a passing reason: requests to sources, to the store and to the embedding server, and Git.').prefault({}),
    monitoring: MonitoringConfig.describe('What is measured.').prefault({}),
  })
  .superRefine((config, context) => {
    if (config.qdrant === undefined || config.embedded === undefined) return
    context.addIssue({ code: 'custom', path: ['embedded'], message: 'cannot be used together with qdrant; remove one of the two' })
  })
export type GlobalConfig = z.output<typeof GlobalConfig>
