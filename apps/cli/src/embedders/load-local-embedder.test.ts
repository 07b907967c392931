import { chownSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { resolveConditions } from '../connectors/resolve-conditions.ts'
import { LOCAL_EMBEDDER, loadLocalEmbedder } from './load-local-embedder.ts'

let user: string
let program: string
beforeEach(() => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'qdrant-loader-embedders-')))
  user = path.join(root, 'user')
  program = path.join(root, 'program')
  for (const folder of [user, program]) mkdirSync(folder, { recursive: true })
})

function install(folder: string, code: string): string {
  const home = path.join(folder, 'node_modules', LOCAL_EMBEDDER)
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name: LOCAL_EMBEDDER, type: 'module', exports: './index.js' }))
  writeFileSync(path.join(home, 'index.js'), code)
  return home
}

function load(more: Partial<Parameters<typeof loadLocalEmbedder>[1]> = {}) {
  return loadLocalEmbedder(user, { programDirectory: program, conditions: resolveConditions([], ''), ...more })
}

const from = (place: string) => `export const createLocalEmbedder = () => '${place}'`

test('it is found beside the configuration, then beside the program', async () => {
  install(program, from('program'))
  expect((await load()).createLocalEmbedder()).toBe('program')
  install(user, from('user'))
  expect((await load()).createLocalEmbedder()).toBe('user')
})

test('where it is not installed, the error says the command that installs it', async () => {
  const error = await load().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'embedder_missing', kind: 'config', hint: expect.stringContaining(`in ${user}: npm install ${LOCAL_EMBEDDER}.`) })
  expect(String(error)).toContain(program)
})

test.each([
  ["throw new Error('no weights')", 'no weights'],
  ['export const other = 1', 'exports no createLocalEmbedder'],
])('a package that cannot be used is embedder_broken: %s', async (code, reason) => {
  install(user, code)
  await expect(load()).rejects.toMatchObject({ code: 'embedder_broken', kind: 'config', message: expect.stringContaining(reason) })
})

test('a package of a stranger is not run', async () => {
  const home = install(user, "throw new Error('it ran')")
  // Where root runs the tests, root owns `/` too, and would be trusted for it.
  const root = process.getuid?.() === 0
  if (root) chownSync(path.join(home, 'index.js'), 54_321, 54_321)
  const owners = { uids: new Set([root ? 0 : 54_321]), folders: [], everywhere: false }
  await expect(load({ owners, programDirectory: '/' })).rejects.toMatchObject({ code: 'embedder_foreign_owner', message: expect.stringContaining('belongs to another user') })
})
