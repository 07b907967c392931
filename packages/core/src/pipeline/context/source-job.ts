import type { ConnectorContext, ConnectorPlugin, ProxySettings } from '@qdrant-loader/connector-sdk'
import type { Pulse } from '../../performance/pulse.ts'
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
  /** Default: none. */
  readonly proxies?: ProxySettings
}

/** What the host adds when it opens the connector. Its requests and its words of progress make the pulse beat. */
export function connectorContext(
  job: SourceJob,
  host: Pick<ConnectorContext, 'run' | 'dryRun' | 'logger' | 'redact' | 'count' | 'progress' | 'now' | 'retry'>,
  pulse: Pulse,
): ConnectorContext {
  return {
    project: job.ref.project,
    source: job.ref.source,
    configDirectory: job.configDirectory,
    cacheDirectory: job.cacheDirectory,
    proxies: job.proxies ?? {},
    ...host,
    count: (kind, requests) => {
      pulse.beat()
      host.count(kind, requests)
    },
    progress: (activity) => {
      pulse.beat()
      host.progress(activity)
    },
  }
}
