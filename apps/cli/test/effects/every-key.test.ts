import { readFileSync } from 'node:fs'
import path from 'node:path'
import { connector as confluence } from '@qdrant-loader/connector-confluence'
import { connector as git } from '@qdrant-loader/connector-git'
import { connector as jira } from '@qdrant-loader/connector-jira'
import { connector as publicDocs } from '@qdrant-loader/connector-public-docs'
import { configJsonSchema, ENVIRONMENT_KEYS } from '@qdrant-loader/core/config'
import type { JsonSchema } from '@qdrant-loader/core/config'
import { expect, test } from 'vitest'
import { commands } from '../../src/commands.ts'

// A key or a flag that is accepted and does nothing is a defect. Each one stands here with the test that shows what it
// does, so that a new one cannot come without such a test.

/** The file that shows the effect of each key. Those of `sources` hold for the sources of projects as well. */
const KEYS: Readonly<Record<string, string>> = {
  'global.qdrant.url': 'store.test.ts',
  'global.qdrant.api_key': 'store.test.ts',
  'global.qdrant.collection_name': 'store.test.ts',
  'global.qdrant.timeout': 'store.test.ts',
  'global.embedded.path': 'store.test.ts',
  'global.embedding.provider': 'embedding.test.ts',
  'global.embedding.model': 'embedding.test.ts',
  'global.embedding.base_url': 'embedding.test.ts',
  'global.embedding.api_key': 'embedding.test.ts',
  'global.embedding.dimensions': 'embedding.test.ts',
  'global.embedding.batch_size': 'embedding.test.ts',
  'global.embedding.max_concurrency': 'embedding.test.ts',
  'global.chunking.chunk_size': 'embedding.test.ts',
  'global.chunking.chunk_overlap': 'embedding.test.ts',
  'global.logging.level': 'state-and-logging.test.ts',
  'global.logging.format': 'state-and-logging.test.ts',
  'global.logging.file': 'state-and-logging.test.ts',
  'global.state_management.database_path': 'state-and-logging.test.ts',
  'global.state_management.database_url': 'state-and-logging.test.ts',
  'global.state_management.table_prefix': 'state-and-logging.test.ts',
  'global.state_management.connection_pool.size': 'state-and-logging.test.ts',
  'global.state_management.connection_pool.timeout': 'state-and-logging.test.ts',
  'global.change_detection.interval': 'change-detection.test.ts',
  'global.change_detection.timeout': 'change-detection.test.ts',
  'global.change_detection.max_delete_ratio': 'change-detection.test.ts',
  'global.change_detection.max_delete_count': 'change-detection.test.ts',
  'global.change_detection.full_listing_interval': 'change-detection.test.ts',
  'global.ingestion.batch.size': 'ingestion.test.ts',
  'global.ingestion.batch.timeout': 'ingestion.test.ts',
  'global.ingestion.batch.retry_attempts': 'ingestion.test.ts',
  'global.ingestion.batch.retry_delay': 'ingestion.test.ts',
  'global.ingestion.parallel.max_workers': 'ingestion.test.ts',
  'global.ingestion.parallel.queue_size': 'ingestion.test.ts',
  'global.ingestion.parallel.timeout': 'ingestion.test.ts',
  'global.retry.attempts': 'retry.test.ts',
  'global.retry.delay': 'retry.test.ts',
  'global.retry.max_delay': 'retry.test.ts',
  'global.retry.rate_limit_patience': 'retry.test.ts',
  'global.monitoring.metrics.enabled': 'state-and-logging.test.ts',
  'global.monitoring.metrics.interval': 'state-and-logging.test.ts',
  'global.monitoring.metrics.retention': 'state-and-logging.test.ts',
  defaults: 'sources.test.ts',
  'projects.*.display_name': 'sources.test.ts',
  'projects.*.description': 'sources.test.ts',
  'sources.*.*.package': 'sources.test.ts',
  'sources.*.*.change_detection.interval': 'change-detection.test.ts',
  'sources.*.*.change_detection.timeout': 'change-detection.test.ts',
  'sources.*.*.change_detection.max_delete_ratio': 'change-detection.test.ts',
  'sources.*.*.change_detection.max_delete_count': 'change-detection.test.ts',
  'sources.*.*.change_detection.full_listing_interval': 'change-detection.test.ts',
  'sources.confluence.*.base_url': 'confluence.test.ts',
  'sources.confluence.*.deployment_type': 'confluence.test.ts',
  'sources.confluence.*.space_key': 'confluence.test.ts',
  'sources.confluence.*.email': 'confluence.test.ts',
  'sources.confluence.*.token': 'confluence.test.ts',
  'sources.confluence.*.content_types': 'confluence.test.ts',
  'sources.confluence.*.ancestors': 'confluence.test.ts',
  'sources.confluence.*.include_labels': 'confluence.test.ts',
  'sources.confluence.*.exclude_labels': 'confluence.test.ts',
  'sources.confluence.*.include_comments': 'confluence.test.ts',
  'sources.confluence.*.on_hidden': 'confluence.test.ts',
  'sources.confluence.*.requests_per_minute': 'confluence.test.ts',
  'sources.confluence.*.request_timeout': 'confluence.test.ts',
  'sources.git.*.base_url': 'sources.test.ts',
  'sources.git.*.ref': 'sources.test.ts',
  'sources.git.*.branch': 'sources.test.ts',
  'sources.git.*.max_files': 'sources.test.ts',
  'sources.git.*.leave_out.lock_files': 'sources.test.ts',
  'sources.git.*.leave_out.minified': 'sources.test.ts',
  'sources.git.*.leave_out.source_maps': 'sources.test.ts',
  'sources.git.*.leave_out.vendored': 'sources.test.ts',
  'sources.git.*.leave_out.build_output': 'sources.test.ts',
  'sources.git.*.leave_out.snapshots': 'sources.test.ts',
  'sources.git.*.leave_out.vector_graphics': 'sources.test.ts',
  'sources.git.*.leave_out.own_schema': 'sources.test.ts',
  'sources.git.*.leave_out.marked': 'sources.test.ts',
  'sources.git.*.include_drafts': 'sources.test.ts',
  'sources.git.*.notebook_outputs': 'sources.test.ts',
  'sources.git.*.host_type': 'sources.test.ts',
  'sources.git.*.url_template': 'sources.test.ts',
  'sources.git.*.include_paths': 'sources.test.ts',
  'sources.git.*.exclude_paths': 'sources.test.ts',
  'sources.git.*.file_types': 'sources.test.ts',
  'sources.git.*.max_file_size': 'sources.test.ts',
  'sources.git.*.token': 'sources.test.ts',
  'sources.jira.*.base_url': 'jira.test.ts',
  'sources.jira.*.deployment_type': 'jira.test.ts',
  'sources.jira.*.project_key': 'jira.test.ts',
  'sources.jira.*.jql': 'jira.test.ts',
  'sources.jira.*.email': 'jira.test.ts',
  'sources.jira.*.token': 'jira.test.ts',
  'sources.jira.*.issue_types': 'jira.test.ts',
  'sources.jira.*.include_statuses': 'jira.test.ts',
  'sources.jira.*.content_fields': 'jira.test.ts',
  'sources.jira.*.extra_fields': 'jira.test.ts',
  'sources.jira.*.include_comments': 'jira.test.ts',
  'sources.jira.*.requests_per_minute': 'jira.test.ts',
  'sources.public-docs.*.base_url': 'public-docs.test.ts',
  'sources.public-docs.*.path_pattern': 'public-docs.test.ts',
  'sources.public-docs.*.exclude_paths': 'public-docs.test.ts',
  'sources.public-docs.*.sitemap': 'public-docs.test.ts',
  'sources.public-docs.*.selectors.content': 'public-docs.test.ts',
  'sources.public-docs.*.selectors.remove': 'public-docs.test.ts',
  'sources.public-docs.*.selectors.code_blocks': 'public-docs.test.ts',
  'sources.public-docs.*.max_depth': 'public-docs.test.ts',
  'sources.public-docs.*.max_pages': 'public-docs.test.ts',
  'sources.public-docs.*.requests_per_minute': 'public-docs.test.ts',
  'sources.public-docs.*.respect_robots': 'public-docs.test.ts',
  'sources.public-docs.*.allow_private_networks': 'public-docs.test.ts',
  'sources.public-docs.*.headers.*': 'public-docs.test.ts',
  'sources.public-docs.*.auth.username': 'public-docs.test.ts',
  'sources.public-docs.*.auth.password': 'public-docs.test.ts',
  'sources.public-docs.*.auth.token': 'public-docs.test.ts',
}

/** The file that shows the effect of each flag, in every command that has it. */
const FLAGS: Readonly<Record<string, string>> = {
  '--config': 'flags.test.ts',
  '--log-level': 'flags.test.ts',
  '--json': 'flags.test.ts',
  '--project': 'flags.test.ts',
  '--source-type': 'flags.test.ts',
  '--source': 'flags.test.ts',
  '--incremental': 'flags.test.ts',
  '--full': 'flags.test.ts',
  '--dry-run': 'flags.test.ts',
  '--watch': 'flags.test.ts',
  '--batch-size': 'ingestion.test.ts',
  '--workers': 'ingestion.test.ts',
  '--retries': 'retry.test.ts',
  '--allow-mass-delete': 'flags.test.ts',
  '--limit': 'flags.test.ts',
  '--mode': 'flags.test.ts',
  '--no-vectors': 'flags.test.ts',
  '--repair': 'flags.test.ts',
  '--force': 'flags.test.ts',
  '--yes': 'remove.test.ts',
}

/** The file that shows the effect of each variable of the environment. */
const VARIABLES: Readonly<Record<string, string>> = {
  STATE_DB_PATH: 'state-and-logging.test.ts',
  QDRANT_URL: 'store.test.ts',
  QDRANT_API_KEY: 'store.test.ts',
  QDRANT_COLLECTION_NAME: 'store.test.ts',
  OPENAI_API_KEY: 'embedding.test.ts',
  QDRANT_LOADER_LOG_LEVEL: 'state-and-logging.test.ts',
  QDRANT_LOADER_CONFIG: 'flags.test.ts',
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every key in dots, `*` for a name of the user's choice. */
function keysOf(schema: unknown, root: JsonSchema, prefix = ''): string[] {
  if (!isSchema(schema)) return []
  if (typeof schema['$ref'] === 'string') {
    const definition = schema['$ref'].split('/').slice(1).reduce<unknown>((node, key) => (isSchema(node) ? node[key] : undefined), root)
    return keysOf(definition, root, prefix)
  }
  const at = (key: string) => (prefix === '' ? key : `${prefix}.${key}`)
  const inner = [
    ...Object.entries(isSchema(schema['properties']) ? schema['properties'] : {}),
    ...(isSchema(schema['additionalProperties']) ? [['*', schema['additionalProperties']] as const] : []),
  ]
  if (inner.length === 0) return [prefix]
  return inner.flatMap(([key, value]) => keysOf(value, root, at(key)))
}

/** Keys of every source are the host's; what a project's sources have is the same as what other sources have. */
function distinct(keys: readonly string[]): string[] {
  const anySource = keys.filter((key) => key.startsWith('sources.*.*.')).map((key) => key.slice('sources.*.*.'.length))
  // The defaults of a type are what its sources have.
  const withDefaults = [...keys.filter((key) => !key.startsWith('defaults.')), 'defaults']
  return withDefaults.filter((key) => {
    if (key.startsWith('projects.*.sources.')) return false
    const own = /^sources\.[^*.]+\.\*\.(.+)$/.exec(key)?.[1]
    return own === undefined || !anySource.includes(own)
  })
}

test('every key of the configuration has a test of its effect', () => {
  const schema = configJsonSchema([git, confluence, publicDocs, jira])
  const keys = keysOf(schema, schema)
  const ofProjects = keys.filter((key) => key.startsWith('projects.*.sources.')).map((key) => key.slice('projects.*.'.length))
  expect(ofProjects.sort()).toEqual(keys.filter((key) => key.startsWith('sources.')).sort())
  expect(distinct(keys).sort()).toEqual(Object.keys(KEYS).sort())
})

test('every flag has a test of its effect', () => {
  const flags = new Set(commands.flatMap((command) => Object.keys(command.flags as object)).map((flag) => `--${flag}`))
  expect([...flags].sort()).toEqual(Object.keys(FLAGS).sort())
})

test('every variable of the environment has a test of its effect', () => {
  const variables = [...ENVIRONMENT_KEYS.map(({ variable }) => variable), 'QDRANT_LOADER_CONFIG']
  expect(variables.sort()).toEqual(Object.keys(VARIABLES).sort())
})

test.each(Object.entries({ ...KEYS, ...FLAGS, ...VARIABLES }))('%s is named by a test in %s', (key, file) => {
  const text = readFileSync(path.join(import.meta.dirname, file), 'utf8')
  const titles = text.split('\n').filter((line) => /^\s*(test|describe|\]\))\(/.test(line))
  const name = key.split('.').findLast((part) => part !== '*') ?? ''
  expect(titles.join('\n')).toMatch(new RegExp(`(?<![\\w-])${name}(?![\\w-])`))
})
