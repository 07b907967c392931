import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { afterEach, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { ConfigError } from '../../src/config/config-error.ts'
import { loadSettings } from '../../src/config/load-settings.ts'
import type { LoadSettingsOptions } from '../../src/config/load-settings.ts'

/** A connector as far as the configuration knows it. */
export function connectorOf(type: string, configSchema: ConnectorPlugin['configSchema']): ConnectorPlugin {
  return defineConnector({
    apiVersion: 1,
    type,
    configSchema,
    cursorSchema: z.unknown(),
    capabilities: { identity: 'location', judges: false, reportsDeletions: true },
    fingerprints: () => ({ selection: null, extraction: null }),
    open: () => Promise.reject(new Error('not opened by these tests')),
  })
}

/** The connector of every source, unless a test brings its own. */
export const git = connectorOf(
  'git',
  z.strictObject({
    base_url: z.string().min(1),
    branch: z.string().optional(),
    include_paths: z.union([z.string(), z.array(z.string())]).optional(),
    depth: z.int().min(0).max(10).default(3),
    token: z.string().min(1).meta({ writeOnly: true }).optional(),
  }),
)

/** A folder with a configuration file, one for each test. */
export function settingsFolder() {
  let path = ''
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'qdrant-loader-config-'))
  })
  afterEach(() => rm(path, { recursive: true, force: true }))

  async function load(yaml: string, options: Partial<LoadSettingsOptions> = {}) {
    await writeFile(join(path, 'qdrant-loader.yaml'), yaml)
    return loadSettings({ cwd: path, env: {}, resolveConnector: ({ type }) => Promise.resolve({ ...git, type }), ...options })
  }

  async function failure(yaml: string, options: Partial<LoadSettingsOptions> = {}): Promise<ConfigError> {
    const error = await load(yaml, options).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ConfigError)
    return error as ConfigError
  }

  /** `where: message` of each problem. */
  async function complaints(yaml: string, options: Partial<LoadSettingsOptions> = {}): Promise<string[]> {
    return (await failure(yaml, options)).problems.map(({ where, message }) => `${where}: ${message}`)
  }

  return { load, failure, complaints, path: () => path }
}
