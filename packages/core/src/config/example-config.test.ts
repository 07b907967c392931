import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exampleConfig } from './example-config.ts'
import type { ExampleOptions } from './example-config.ts'
import { GlobalConfig } from './global-config.ts'
import { loadSettings } from './load-settings.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qdrant-loader-example-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function load(text: string) {
  await writeFile(join(folder, 'qdrant-loader.yaml'), text)
  return loadSettings({ cwd: folder, env: {} })
}

test('the example points at its schema, is valid, and says the defaults', async () => {
  const text = exampleConfig()
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./qdrant-loader.schema.json')
  const settings = await load(text)
  expect(settings.global).toEqual(GlobalConfig.parse({}))
  expect(settings.sources).toMatchObject([{ sourceType: 'git', source: 'repository', config: { base_url: '.' } }])
})

test('what is commented out is valid too, but for what excludes each other', async () => {
  const lines = exampleConfig().split('\n').slice(6)
  const uncommented = lines.map((line) => line.replace(/^(\s*)# ((?: *)(?:[a-z_-]+:|- ).*)$/, '$1$2')).join('\n')
  const text = uncommented.replace('    provider: local\n', '')
  await writeFile(join(folder, '.env'), 'OPENAI_API_KEY=k\nGIT_TOKEN=t\nCONFLUENCE_TOKEN=c\nJIRA_TOKEN=j\n')
  const settings = await load(text)
  expect(settings.global.qdrant?.url).toBe('http://localhost:6333')
  expect(settings.global.embedding).toMatchObject({ provider: 'openai', api_key: 'k' })
  expect(settings.projects.map(({ id }) => id)).toEqual(['handbook', 'default'])
  expect(settings.sources.map(({ sourceType }) => sourceType).sort()).toEqual(['confluence', 'git', 'git', 'jira', 'public-docs'])
})

test.each<ExampleOptions>([
  { repository: 'https://example.com/a.git', source: 'a' },
  { repository: 'C:\\work\\a b', source: 'a' },
  { repository: '/tmp/it\'s "#1": ${HOME}', source: 'a' },
  { repository: 'git@example.com:a/b.git', source: 'a' },
  { repository: '/x/$&$1' },
])('any repository can be put in: %j', async (options) => {
  expect((await load(exampleConfig(options))).sources[0]?.input).toEqual({ base_url: options.repository })
})
