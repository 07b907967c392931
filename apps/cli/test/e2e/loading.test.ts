import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { loadedModules } from '../../../../tooling/bench/loaded-modules.ts'
import { runCli } from '../start-cli.ts'

// What a command does not need is not loaded. Time is for `pnpm bench:start`; here files are counted, and named.

const BIN = fileURLToPath(new URL('../../bin/qdrant-loader.js', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'qdrant-loader-loading-'))
const env = { ...process.env, NODE_OPTIONS: undefined, QDRANT_URL: undefined, HOME: folder, XDG_CACHE_HOME: path.join(folder, '.cache') }

beforeAll(async () => {
  const repository = path.join(folder, 'repository')
  execFileSync('git', ['init', '-q', repository])
  writeFileSync(path.join(repository, 'guide.md'), '# Guide\n\nA badge is made at the front desk.\n')
  execFileSync('git', ['-C', repository, 'add', '-A'])
  execFileSync('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '-qm', 'one'])
  writeFileSync(
    path.join(folder, 'qdrant-loader.yaml'),
    `global: { embedding: { provider: hash }, state_management: { database_path: ./state.db }, embedded: { path: ./points.db } }
sources: { git: { docs: { base_url: ${repository} } } }\n`,
  )
  expect(await runCli(['sync'], { cwd: folder, from: 'built', env })).toMatchObject({ code: 0 })
})

/** Chunks and packages that only some commands need, by a part of their names. */
const PARSER_OF_LINES = 'apps/cli/dist/program'
const CONFIGURATION = 'packages/core/dist/config'
const STATE = 'packages/core/dist/state'
const STORE = 'packages/core/dist/store'
const PIPELINE = 'packages/core/dist/pipeline'
const CONNECTOR = 'connector-git/dist'
const SQLITE = 'better-sqlite3'
/** Nothing of these is there for a run that finds nothing to do. */
const RARE = ['typeorm', 'cl100k', 'markdown', 'bounded-answers', 'cli-table3', 'log-update', 'string-width', 'config-show', 'undici', 'http/dist', 'embedder-local/dist', 'qdrant-js', 'live-progress']

test.each<[readonly string[], { readonly atMost: number; readonly with: readonly string[]; readonly without: readonly string[] }]>([
  [['--version'], { atMost: 4, with: [], without: [PARSER_OF_LINES, CONFIGURATION, STATE, STORE, PIPELINE, CONNECTOR, SQLITE] }],
  [['--help'], { atMost: 22, with: [PARSER_OF_LINES], without: [CONFIGURATION, STATE, STORE, PIPELINE, CONNECTOR, SQLITE] }],
  [['status'], { atMost: 55, with: [CONFIGURATION, STATE, SQLITE], without: [STORE, PIPELINE, CONNECTOR] }],
  [['config', 'validate'], { atMost: 40, with: [CONFIGURATION, CONNECTOR], without: [STORE, PIPELINE, SQLITE] }],
  [['sync'], { atMost: 80, with: [CONFIGURATION, STATE, STORE, PIPELINE, CONNECTOR, SQLITE], without: [] }],
])('%s loads what it needs', async (args, expected) => {
  const command = { program: process.execPath, args: [BIN, ...args], cwd: folder, env }
  const names = (await loadedModules(command)).map(({ name }) => name)
  const having = (part: string): boolean => names.some((name) => name.includes(part))
  expect({ with: expected.with.filter((part) => !having(part)), without: [...expected.without, ...RARE].filter(having) }).toEqual({ with: [], without: [] })
  expect(names.length, names.join('\n')).toBeLessThanOrEqual(expected.atMost)
})
