import { chownSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadConnector } from './load-connector.ts'
import { resolveConditions } from './resolve-conditions.ts'

const SCHEMA = `{ '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }), jsonSchema: { input: () => ({}) } } }`
const connector = (type: string, more = '') =>
  `{ apiVersion: 1, type: '${type}', configSchema: ${SCHEMA}, cursorSchema: ${SCHEMA}, capabilities: {}, fingerprints() {}, open() {}, ${more} }`

let user: string
let program: string
beforeEach(() => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'qdrant-loader-connectors-')))
  user = path.join(root, 'user', 'project')
  program = path.join(root, 'program')
  for (const folder of [user, program]) mkdirSync(folder, { recursive: true })
})

function install(folder: string, name: string, code: string | undefined, manifest: object = {}): void {
  const home = path.join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js', ...manifest }))
  if (code !== undefined) writeFileSync(path.join(home, 'index.js'), code)
}

function load(type: string, packageName?: string) {
  return loadConnector({ type, package: packageName, configDirectory: user }, { programDirectory: program, conditions: resolveConditions([], '') })
}

async function failure(type: string, packageName?: string) {
  try {
    await load(type, packageName)
  } catch (error) {
    if (isLoaderError(error)) return error
    throw error
  }
  throw new Error('it was loaded')
}

test('a type means the package of that name, found beside the configuration or above it', async () => {
  install(path.dirname(user), '@qdrant-loader/connector-git', `export default ${connector('git')}`)
  expect((await load('git')).type).toBe('git')
})

test('what lies beside the configuration wins over what lies beside the program', async () => {
  install(user, '@qdrant-loader/connector-git', `export default ${connector('git', "from: 'user'")}`)
  install(program, '@qdrant-loader/connector-git', `export default ${connector('git', "from: 'program'")}`)
  expect(await load('git')).toMatchObject({ from: 'user' })
})

test('the folder of the program is looked into when the one of the configuration has none', async () => {
  install(program, '@qdrant-loader/connector-git', `export default ${connector('git')}`)
  expect((await load('git')).type).toBe('git')
})

test('another package is named by `package`, and may export `connector`, and may be CommonJS', async () => {
  install(user, '@acme/wiki', `export const connector = ${connector('wiki')}`)
  expect((await load('wiki', '@acme/wiki')).type).toBe('wiki')
  install(user, 'old-wiki', `module.exports = ${connector('wiki')}`, { type: 'commonjs', main: './index.js' })
  expect((await load('wiki', 'old-wiki')).type).toBe('wiki')
})

test('a missing connector names the package, the folders and the command of the package manager in use', async () => {
  const plain = await failure('jira')
  expect(plain).toMatchObject({ code: 'connector_missing', kind: 'config' })
  for (const part of ["'jira'", '@qdrant-loader/connector-jira', user, program]) expect(plain.message).toContain(part)
  expect(plain.hint).toContain('npm install @qdrant-loader/connector-jira')
  writeFileSync(path.join(path.dirname(user), 'pnpm-lock.yaml'), '')
  expect((await failure('jira')).hint).toContain('pnpm add @qdrant-loader/connector-jira')
  writeFileSync(path.join(user, 'yarn.lock'), '')
  expect((await failure('jira')).hint).toContain('yarn add @qdrant-loader/connector-jira')
})

test.each(['./mine.js', '../mine', '/etc/x', 'file:///x.js', 'data:text/javascript,1', 'node:fs', 'pkg/sub', '@a/b/c', 'UPPER', ''])(
  '`package: %s` is refused before anything is looked up',
  async (name) => {
    expect(await failure('wiki', name)).toMatchObject({ code: 'connector_name_invalid', kind: 'config' })
  },
)

test('a package that is no connector is named as such', async () => {
  install(user, 'left-pad', 'export default () => 1')
  expect(await failure('wiki', 'left-pad')).toMatchObject({ code: 'connector_invalid', kind: 'config' })
  install(user, 'half', `export default { apiVersion: 1, type: 'wiki' }`)
  expect((await failure('wiki', 'half')).message).toContain('lacks configSchema, cursorSchema, capabilities, fingerprints, open')
})

test('a connector of another interface version is refused', async () => {
  install(user, 'future', `export default { ...${connector('wiki')}, apiVersion: 2 }`)
  expect(await failure('wiki', 'future')).toMatchObject({ code: 'connector_incompatible', kind: 'config' })
})

test('a connector of another type says where the source belongs', async () => {
  install(user, 'typed', `export default ${connector('notes')}`)
  expect((await failure('wiki', 'typed')).hint).toContain("'notes:'")
})

test('a package that is there and cannot be loaded is broken, not missing', async () => {
  install(user, 'unbuilt', undefined)
  expect(await failure('wiki', 'unbuilt')).toMatchObject({ code: 'connector_broken', kind: 'config' })
  install(user, 'lacks', `import 'what-it-needs'`)
  expect(await failure('wiki', 'lacks')).toMatchObject({ code: 'connector_broken' })
  install(user, 'throws', `throw new Error('at start')`)
  expect((await failure('wiki', 'throws')).message).toContain('at start')
})

test('conditions that Node was started with count', () => {
  expect(resolveConditions(['--conditions=a', '-C', 'b'], '--no-warnings --conditions c')).toEqual(new Set(['node', 'import', 'a', 'b', 'c']))
})

describe('H6: code of a stranger', () => {
  const loadAs = (uids: readonly number[], more: { folders?: readonly string[]; everywhere?: boolean } = {}) =>
    loadConnector(
      { type: 'git', package: undefined, configDirectory: user },
      // The program is where the tests are: its owner is trusted as who runs it.
      { programDirectory: '/', conditions: resolveConditions([], ''), owners: { uids: new Set(uids), folders: [], everywhere: false, ...more } },
    )
  // Where root runs the tests, root owns `/` too, and would be trusted for it.
  const stranger = process.getuid?.() === 0

  test('is not run: the package, a file of it, or a node_modules above it; the message says how to allow it', async () => {
    install(user, '@qdrant-loader/connector-git', `globalThis.ran = true\nexport default ${connector('git')}`)
    const home = path.join(user, 'node_modules', '@qdrant-loader', 'connector-git')
    const places = [path.join(home, 'index.js'), home, path.join(user, 'node_modules')]
    const refused = stranger
      ? await Promise.all(
          places.map(async (place) => {
            chownSync(place, 54_321, 54_321)
            const error = await loadAs([0]).catch((reason: unknown) => reason)
            chownSync(place, 0, 0)
            return error
          }),
        )
      : [await loadAs([54_321]).catch((reason: unknown) => reason)]
    for (const error of refused) {
      expect(error).toMatchObject({
        code: 'connector_foreign_owner',
        kind: 'config',
        message: expect.stringContaining('belongs to another user'),
        hint: expect.stringContaining('QDRANT_LOADER_SAFE_DIRECTORIES='),
      })
    }
    expect((globalThis as { ran?: boolean }).ran).toBeUndefined()
  })

  test('is run when its owner or its folder is trusted', async () => {
    install(user, '@qdrant-loader/connector-git', `export default ${connector('git')}`)
    const uid = process.getuid?.() ?? 0
    expect((await loadAs([uid])).type).toBe('git')
    expect((await loadAs([54_321], { folders: [realpathSync(tmpdir())] })).type).toBe('git')
    expect((await loadAs([54_321], { everywhere: true })).type).toBe('git')
  })
})
