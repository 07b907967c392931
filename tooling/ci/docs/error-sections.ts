import type { ErrorEntry, ErrorTable } from '@qdrant-loader/connector-sdk'
import { CLI_CODES } from '../../../apps/cli/src/codes.ts'
import { CONFLUENCE_CODES } from '../../../packages/connector-confluence/src/codes.ts'
import { GIT_CODES } from '../../../packages/connector-git/src/codes.ts'
import { JIRA_CODES } from '../../../packages/connector-jira/src/codes.ts'
import { PUBLIC_DOCS_CODES } from '../../../packages/connector-public-docs/src/codes.ts'
import { CONFIG_CODES } from '../../../packages/core/src/config/codes.ts'
import { EMBEDDING_CODES } from '../../../packages/core/src/embedding/codes.ts'
import { PERFORMANCE_CODES } from '../../../packages/core/src/performance/codes.ts'
import { PIPELINE_CODES } from '../../../packages/core/src/pipeline/context/codes.ts'
import { STATE_CODES } from '../../../packages/core/src/state/codes.ts'
import { STORE_CODES } from '../../../packages/core/src/store/codes.ts'
import { CONTENT_CODES } from '../../../packages/content/src/codes.ts'
import { LOCAL_EMBEDDER_CODES } from '../../../packages/embedder-local/src/codes.ts'
import { HTTP_CODES } from '../../../packages/http/src/codes.ts'

/** The errors of one package, or of one room of core. */
export interface ErrorSection {
  readonly title: string
  /** Where they are made, relative to the repository. */
  readonly folder: string
  /** Where the table is. Absent: `codes.ts` of the folder. */
  readonly file?: string
  /** A file elsewhere that makes some of them, relative to the repository. */
  readonly also?: string
  readonly table: ErrorTable
}

/** The tables of the house, as `docs/errors.md` lists them. */
export const ERROR_SECTIONS: readonly ErrorSection[] = [
  { title: 'Command line', folder: 'apps/cli/src', also: 'apps/cli/bin/qdrant-loader.js', table: CLI_CODES },
  { title: 'Configuration', folder: 'packages/core/src/config', table: CONFIG_CODES },
  { title: 'Runs', folder: 'packages/core/src/pipeline', file: 'packages/core/src/pipeline/context/codes.ts', table: PIPELINE_CODES },
  { title: 'Limits of time', folder: 'packages/core/src/performance', table: PERFORMANCE_CODES },
  { title: 'State', folder: 'packages/core/src/state', table: STATE_CODES },
  { title: 'Vector store', folder: 'packages/core/src/store', table: STORE_CODES },
  { title: 'Embedding servers', folder: 'packages/core/src/embedding', table: EMBEDDING_CODES },
  { title: 'Local embedder', folder: 'packages/embedder-local/src', table: LOCAL_EMBEDDER_CODES },
  { title: 'Content of documents', folder: 'packages/content/src', table: CONTENT_CODES },
  { title: 'Servers of sources', folder: 'packages/http/src', table: HTTP_CODES },
  { title: 'Git', folder: 'packages/connector-git/src', table: GIT_CODES },
  { title: 'Confluence', folder: 'packages/connector-confluence/src', table: CONFLUENCE_CODES },
  { title: 'Jira', folder: 'packages/connector-jira/src', table: JIRA_CODES },
  { title: 'Documentation sites', folder: 'packages/connector-public-docs/src', table: PUBLIC_DOCS_CODES },
]

/** The entries of a table by key, as data. */
export function entriesOf({ table }: ErrorSection): readonly (readonly [string, ErrorEntry])[] {
  return Object.entries(table)
}
