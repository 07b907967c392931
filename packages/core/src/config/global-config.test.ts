import { describe, expect, test } from 'vitest'
import { GlobalConfig } from './global-config.ts'
import { hostJsonSchema } from './json-schema.ts'
import { isSchema } from './schema-nodes.ts'

const S = 1_000
const M = 60 * S
const H = 60 * M
const D = 24 * H
const QDRANT = { qdrant: { url: 'http://localhost:6333' } }

/** A key, its default, and values at the edges of its range: written, and as they are read where that differs. */
interface KeyCase {
  readonly key: string
  readonly default: unknown
  readonly valid: readonly (unknown | readonly [written: string, read: number])[]
  readonly invalid: readonly unknown[]
  /** What else has to be set for the key to be allowed. */
  readonly beside?: Record<string, unknown>
}

function span(minimum: string, least: number, maximum: string, most: number, below: string, above: string) {
  return { valid: [[minimum, least], [maximum, most]] as const, invalid: [below, above, 30, '30', '-1s', 's', ''] }
}

const OPENAI = { embedding: { provider: 'openai' } }

const CASES: readonly KeyCase[] = [
  {
    key: 'qdrant.url',
    default: 'http://localhost:6333',
    valid: ['http://h', 'https://h:6333', 'https://h/some/prefix'],
    invalid: ['', 'h:6333', 'ftp://h', 'http://user:secret@h', 'http://user@h', 1],
    beside: QDRANT,
  },
  { key: 'qdrant.api_key', default: undefined, valid: ['k'], invalid: ['', 1], beside: QDRANT },
  {
    key: 'qdrant.collection_name',
    default: 'qdrant_loader',
    valid: ['a', '2-b_C.d', 'x'.repeat(255)],
    invalid: ['', '.', '..', 'a/b', 'a b', 'é', 'x'.repeat(256)],
    beside: QDRANT,
  },
  { key: 'qdrant.timeout', default: 30 * S, ...span('100ms', 100, '1h', H, '99ms', '61m'), beside: QDRANT },
  { key: 'embedded.path', default: undefined, valid: ['./x.db'], invalid: ['', 1] },
  { key: 'embedding.provider', default: 'local', valid: ['local', 'openai', 'hash'], invalid: ['', 'OpenAI', 1] },
  { key: 'embedding.model', default: undefined, valid: ['m'], invalid: ['', 1] },
  { key: 'embedding.base_url', default: undefined, valid: ['http://h/v1', 'https://h'], invalid: ['', 'h', 'file:///x'], beside: OPENAI },
  { key: 'embedding.api_key', default: undefined, valid: ['k'], invalid: ['', 1], beside: OPENAI },
  { key: 'embedding.dimensions', default: undefined, valid: [16, 65_536], invalid: [15, 65_537, 16.5, '16'] },
  { key: 'embedding.batch_size', default: 64, valid: [1, 10_000], invalid: [0, 10_001, 1.5, '1'] },
  { key: 'embedding.max_concurrency', default: 4, valid: [1, 256], invalid: [0, 257, 1.5] },
  { key: 'chunking.chunk_size', default: 512, valid: [16, 8_192], invalid: [15, 8_193, 16.5, '16'] },
  { key: 'chunking.chunk_overlap', default: 0, valid: [0, 256], invalid: [-1, 257, 1.5, '1'] },
  { key: 'logging.level', default: 'info', valid: ['debug', 'info', 'warn', 'error'], invalid: ['', 'trace', 'INFO', 1] },
  { key: 'logging.format', default: 'text', valid: ['text', 'json'], invalid: ['', 'xml', 1] },
  { key: 'logging.file', default: undefined, valid: ['./x.log'], invalid: ['', 1] },
  { key: 'state_management.database_path', default: undefined, valid: ['./x.db', '/x.db'], invalid: ['', 1] },
  {
    key: 'state_management.database_url',
    default: undefined,
    valid: ['sqlite:///x.db', 'sqlite:////var/x.db'],
    invalid: ['', 'sqlite://', 'sqlite:///', 'postgres://h/x', 'x.db'],
  },
  {
    key: 'state_management.table_prefix',
    default: 'qdrant_loader_',
    valid: ['a', 'a_1', `a${'b'.repeat(30)}`],
    invalid: ['', 'A', '_a', '1a', 'a-b', 'a b', 'a"b', 'sqlite_', `a${'b'.repeat(31)}`],
  },
  { key: 'state_management.connection_pool.size', default: 5, valid: [1, 100], invalid: [0, 101, 1.5, '5'] },
  { key: 'state_management.connection_pool.timeout', default: 30 * S, ...span('0ms', 0, '1h', H, '-1ms', '61m') },
  { key: 'change_detection.interval', default: 5 * M, ...span('1s', S, '365d', 365 * D, '999ms', '366d') },
  { key: 'change_detection.timeout', default: 10 * M, ...span('1s', S, '365d', 365 * D, '999ms', '366d') },
  { key: 'change_detection.max_delete_ratio', default: 0.25, valid: [0, 0.5, 1], invalid: [-0.1, 1.1, '25%', 25] },
  { key: 'change_detection.max_delete_count', default: 25, valid: [0, 1_000_000_000], invalid: [-1, 1.5, 1_000_000_001] },
  { key: 'change_detection.full_listing_interval', default: D, ...span('1s', S, '3650d', 3650 * D, '999ms', '3651d') },
  { key: 'ingestion.batch.size', default: 250, valid: [1, 100_000], invalid: [0, 100_001, 1.5] },
  { key: 'ingestion.batch.timeout', default: 10 * M, ...span('100ms', 100, '24h', D, '99ms', '25h') },
  { key: 'ingestion.batch.retry_attempts', default: undefined, valid: [0, 100], invalid: [-1, 101, 1.5] },
  { key: 'ingestion.batch.retry_delay', default: undefined, ...span('0ms', 0, '1h', H, '-1ms', '61m') },
  { key: 'ingestion.parallel.max_workers', default: 8, valid: [1, 256], invalid: [0, 257, 1.5] },
  { key: 'ingestion.parallel.queue_size', default: 1_000, valid: [1, 1_000_000], invalid: [0, 1_000_001, 1.5] },
  { key: 'ingestion.parallel.timeout', default: M, ...span('100ms', 100, '24h', D, '99ms', '25h') },
  { key: 'retry.attempts', default: 3, valid: [0, 100], invalid: [-1, 101, 1.5] },
  { key: 'retry.delay', default: S, ...span('0ms', 0, '1h', H, '-1ms', '61m') },
  { key: 'retry.max_delay', default: M, ...span('0ms', 0, '1h', H, '-1ms', '61m') },
  { key: 'retry.rate_limit_patience', default: 10 * M, ...span('0ms', 0, '24h', D, '-1ms', '25h') },
  { key: 'monitoring.metrics.enabled', default: true, valid: [true, false], invalid: ['true', 1] },
  { key: 'monitoring.metrics.interval', default: M, ...span('100ms', 100, '24h', D, '99ms', '25h') },
  { key: 'monitoring.metrics.retention', default: D, ...span('1s', S, '3650d', 3650 * D, '999ms', '3651d') },
]

function withKey(key: string, value: unknown, beside: Record<string, unknown> = {}): Record<string, unknown> {
  const config = structuredClone(beside)
  let holder = config
  const path = key.split('.')
  for (const name of path.slice(0, -1)) holder = (holder[name] ??= {}) as Record<string, unknown>
  holder[path.at(-1) ?? ''] = value
  return config
}

function read(config: unknown, key: string): unknown {
  return key.split('.').reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], config)
}

function keysOf(schema: unknown, prefix = ''): string[] {
  const properties = isSchema(schema) ? schema['properties'] : undefined
  if (!isSchema(properties)) return [prefix]
  return Object.entries(properties).flatMap(([name, inner]) => keysOf(inner, prefix === '' ? name : `${prefix}.${name}`))
}

describe.each(CASES)('$key', ({ key, default: fallback, valid, invalid, beside }) => {
  test('has its default', () => {
    expect(read(GlobalConfig.parse(beside ?? {}), key)).toEqual(fallback)
  })

  test.each(valid.map((value) => (Array.isArray(value) ? value : [value, value])))('takes %j', (written, expected) => {
    expect(read(GlobalConfig.parse(withKey(key, written, beside)), key)).toEqual(expected)
  })

  test.each(invalid.map((value) => [value]))('refuses %j', (value) => {
    const issues = GlobalConfig.safeParse(withKey(key, value, beside)).error?.issues
    expect(issues?.map(({ path }) => path.join('.'))).toEqual([key])
  })
})

test('every key of the schema is tested above', () => {
  const host = hostJsonSchema()['properties']
  const global = isSchema(host) ? host['global'] : undefined
  expect(CASES.map(({ key }) => key).sort()).toEqual(keysOf(global).sort())
})

test.each([
  [{ ...QDRANT, embedded: {} }, 'embedded', 'cannot be used together with qdrant'],
  [{ state_management: { database_path: 'x', database_url: 'sqlite:///x' } }, 'state_management.database_url', 'database_path'],
  [{ chunking: { chunk_size: 16, chunk_overlap: 9 } }, 'chunking.chunk_overlap', 'at most half of chunk_size, which is 8 here'],
  [{ embedding: { provider: 'local', base_url: 'http://h' } }, 'embedding.base_url', 'openai only'],
  [{ embedding: { provider: 'hash', api_key: 'k' } }, 'embedding.api_key', 'openai only'],
  [{ embedding: { provider: 'hash', model: 'm' } }, 'embedding.model', 'does not apply to provider hash'],
])('keys that contradict each other are refused: %j', (config, path, message) => {
  const issue = GlobalConfig.safeParse(config).error?.issues[0]
  expect(issue?.path.join('.')).toBe(path)
  expect(issue?.message).toContain(message)
})

test('the overlap may be half of the chunk', () => {
  expect(GlobalConfig.safeParse({ chunking: { chunk_size: 16, chunk_overlap: 8 } }).success).toBe(true)
})
