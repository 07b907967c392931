import type { Change, ConnectorContext, KnownDocuments } from '@qdrant-loader/connector-sdk'
import type { ConfluenceApi } from '../api/confluence-api.ts'
import type { ConfluenceConfig } from '../config.ts'
import type { ConfluenceCursor } from '../cursor.ts'
import type { Selection } from '../selection.ts'
import type { Site } from '../site/base-url.ts'
import type { Reader } from '../text/reader.ts'

/** A change in Confluence. */
export type ConfluenceChange = Change<ConfluenceCursor>

/** What `ConfluenceChangeDetector` needs. */
export interface ConfluenceChangeDetectorDeps {
  readonly api: ConfluenceApi
  readonly site: Site
  readonly config: ConfluenceConfig
  readonly reader: Reader
  readonly context: Pick<ConnectorContext, 'logger' | 'progress' | 'now'>
}

/** What one detection works with. */
export interface PassDeps extends ConfluenceChangeDetectorDeps {
  readonly selects: Selection
  readonly known: KnownDocuments
  readonly signal: AbortSignal
}
