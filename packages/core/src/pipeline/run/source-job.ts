import type { ConnectorContext, ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import type { SourceRef } from '../../state/records.ts'
import type { DetectionSettings } from './run-context.ts'

/** One source to sync: its connector and its validated configuration. */
export interface SourceJob {
  readonly ref: SourceRef
  readonly plugin: ConnectorPlugin
  /** As validated by the connector's schema. */
  readonly config: unknown
  readonly settings: DetectionSettings
  readonly configDirectory: string
  /** Kept between runs, shared by the sources of one connector type. */
  readonly cacheDirectory: string
}

/** What the host adds when it opens the connector. */
export function connectorContext(
  job: SourceJob,
  host: Pick<ConnectorContext, 'dryRun' | 'logger' | 'redact' | 'count' | 'progress' | 'now'>,
): ConnectorContext {
  return {
    project: job.ref.project,
    source: job.ref.source,
    configDirectory: job.configDirectory,
    cacheDirectory: job.cacheDirectory,
    ...host,
  }
}
