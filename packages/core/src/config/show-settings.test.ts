import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { loadSettings } from './load-settings.ts'
import type { LoadSettingsOptions } from './load-settings.ts'
import { listSettings, secretsOf, showSettings } from './show-settings.ts'

const YAML = `
global:
  qdrant: { url: http://localhost:6333, api_key: qdrant-secret }
  embedding: { provider: openai, base_url: "http://user:in-url@host/v1", api_key: "\${KEY}" }
  change_detection: { interval: 90s }
sources:
  git:
    docs:
      base_url: https://bob:p%40ss@example.com/r.git
      token: [git-secret, 4711]
      space_key: DOCS
    other: { base_url: "https://only-token@example.com/r.git", change_detection: { timeout: 2m } }
    plain: { base_url: "ssh://git@example.com/r.git" }
`

const git: ConnectorPlugin = defineConnector({
  apiVersion: 1,
  type: 'git',
  configSchema: z.strictObject({
    base_url: z.string(),
    token: z.array(z.union([z.string(), z.number()])).meta({ writeOnly: true }).optional(),
    space_key: z.string().optional(),
  }) as ConnectorPlugin['configSchema'],
  cursorSchema: z.unknown(),
  capabilities: { identity: 'location', judges: false, reportsDeletions: true },
  fingerprints: () => ({ selection: null, extraction: null }),
  open: () => Promise.reject(new Error('not opened by these tests')),
})

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qdrant-loader-show-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function load(yaml: string, options: Partial<LoadSettingsOptions> = {}) {
  await writeFile(join(folder, 'qdrant-loader.yaml'), yaml)
  return loadSettings({ cwd: folder, env: { KEY: 'from-variable' }, resolveConnector: () => Promise.resolve(git), ...options })
}

test('secrets of the host, of connectors and inside URLs are stars', async () => {
  const settings = await load(YAML)
  const text = stringify(showSettings(settings))
  for (const secret of ['qdrant-secret', 'in-url', 'from-variable', 'p%40ss', 'git-secret', '4711', 'only-token']) {
    expect(text).not.toContain(secret)
  }
  expect(showSettings(settings)).toMatchObject({
    global: { qdrant: { api_key: '***' }, embedding: { base_url: 'http://***@host/v1' } },
    projects: {
      default: {
        sources: {
          git: {
            docs: { base_url: 'https://***@example.com/r.git', token: ['***', '***'], space_key: 'DOCS' },
            plain: { base_url: 'ssh://git@example.com/r.git' },
          },
        },
      },
    },
  })
})

test('secretsOf names each of them, in the forms in which it may appear', async () => {
  expect(secretsOf(await load(YAML)).map(({ value }) => value).sort()).toEqual(
    ['qdrant-secret', 'in-url', 'from-variable', 'p%40ss', 'p@ss', 'git-secret', '4711', 'only-token'].sort(),
  )
})

test('without the connector the names of keys decide what is a secret', async () => {
  await writeFile(join(folder, 'qdrant-loader.yaml'), YAML)
  const settings = await loadSettings({ cwd: folder, env: { KEY: 'k' } })
  const shown = stringify(showSettings(settings))
  expect(shown).not.toMatch(/git-secret|4711/)
  expect(shown).toContain('space_key: DOCS')
})

test('durations are shown with units, and what is shown can be loaded again', async () => {
  const settings = await load('global: { change_detection: { interval: 90s } }\nsources: { git: { docs: { base_url: x } } }\n')
  const shown = showSettings(settings)
  expect(shown).toMatchObject({ global: { change_detection: { interval: '90s', timeout: '10m' } } })
  const again = await load(stringify(shown))
  expect(again.global).toEqual(settings.global)
  expect(again.sources[0]?.changeDetection).toEqual(settings.sources[0]?.changeDetection)
})

test('each value is listed with where it came from', async () => {
  const settings = await load('global:\n  chunking: { chunk_size: 64 }\n', { flags: { workers: 2 }, env: { QDRANT_LOADER_LOG_LEVEL: 'warn' } })
  const origins = new Map(listSettings(settings).map(({ key, value, origin }) => [key, `${String(value)} (${origin})`]))
  expect(origins.get('global.chunking.chunk_size')).toBe('64 (line 2 of the file)')
  expect(origins.get('global.chunking.chunk_overlap')).toBe('0 (default)')
  expect(origins.get('global.ingestion.parallel.max_workers')).toBe('2 (--workers)')
  expect(origins.get('global.logging.level')).toBe('warn (QDRANT_LOADER_LOG_LEVEL)')
})
