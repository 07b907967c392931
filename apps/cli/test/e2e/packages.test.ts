import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { PackedPackages, PLAIN_ENV } from '../../../../tooling/build/packed-packages.ts'

// The packages as npm would publish them, installed by npm as a user does. Dependencies of others come from npm's cache
// or the registry. The program is in one folder, the user's configuration with the connector in another.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 })

const ROOT = path.join(import.meta.dirname, '..', '..', '..', '..')
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'qdrant-loader-packages-')))
const program = path.join(folder, 'program')
const project = path.join(folder, 'project')
let packed: PackedPackages

function execute(cwd: string, file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): { code: number; output: string } {
  try {
    return { code: 0, output: execFileSync(file, args, { cwd, env: { ...PLAIN_ENV, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) }
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string }
    return { code: status ?? -1, output: `${stdout}${stderr}` }
  }
}

function succeed(...call: Parameters<typeof execute>): string {
  const { code, output } = execute(...call)
  if (code !== 0) throw new Error(`${call[1]} ${call[2].join(' ')} ended with ${code}: ${output}`)
  return output
}

const qdrantLoader = (...args: string[]) =>
  execute(project, path.join(program, 'node_modules', '.bin', 'qdrant-loader'), args, {
    HOME: folder, XDG_STATE_HOME: undefined, XDG_CACHE_HOME: undefined, STATE_DB_PATH: undefined, QDRANT_URL: undefined, QDRANT_LOADER_LOG_LEVEL: undefined,
  })

beforeAll(() => {
  packed = PackedPackages.pack(folder)
  packed.install(program, ['@qdrant-loader/cli'])
  mkdirSync(project)
  const repository = path.join(folder, 'repository')
  mkdirSync(repository)
  writeFileSync(path.join(repository, 'guide.md'), '# Guide\n\nA badge is made at the front desk.\n')
  succeed(repository, 'git', ['init', '-q'])
  succeed(repository, 'git', ['add', '-A'])
  succeed(repository, 'git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '-qm', 'one'])
})

// Two installations are some hundred megabytes.
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('installing compiles nothing and runs no script of a package', () => {
  const lock = JSON.parse(readFileSync(path.join(program, 'node_modules', '.package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean; version: string }>
  }
  expect(Object.keys(lock.packages)).toContain('node_modules/sqlite3-native')
  // TypeORM names it as an optional peer; a version of it that npm chose would have to be compiled.
  expect(Object.keys(lock.packages).filter((place) => place.endsWith('/better-sqlite3'))).toEqual([])
  expect(Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([])
})

test('from init to export, with a connector that is installed beside the configuration only', () => {
  expect(qdrantLoader('init')).toMatchObject({ code: 0, output: expect.stringContaining('npm install @qdrant-loader/connector-git @qdrant-loader/embedder-local') })
  writeFileSync(path.join(project, 'qdrant-loader.yaml'), 'sources: { git: { docs: { base_url: ../repository } } }\n')
  const missing = qdrantLoader('sync')
  expect(missing).toMatchObject({ code: 2, output: expect.stringContaining(`Install it in ${project}: npm install @qdrant-loader/connector-git`) })

  packed.install(project, ['@qdrant-loader/connector-git', '@qdrant-loader/connector-sdk', '@qdrant-loader/connector-testkit', '@qdrant-loader/embedder-local'], {
    '@types/node': '^24.0.0', zod: '^4.2.0',
  })
  expect(qdrantLoader('doctor')).toMatchObject({ code: 0 })
  // The default embedder, whose weights and worker come out of the archives too.
  expect(qdrantLoader('sync')).toMatchObject({ code: 0, output: expect.stringMatching(/git\/docs +succeeded +1 /) })
  for (const mode of ['vector', 'keyword', 'fused']) {
    expect(qdrantLoader('search', 'where is my badge made', '--mode', mode)).toMatchObject({ code: 0, output: expect.stringContaining('front desk') })
  }
  const exported = qdrantLoader('export')
  expect(JSON.parse(exported.output)).toMatchObject({ payload: { document_id: 'guide.md' }, vector: expect.objectContaining({ length: 512 }) })
})

test.each(['nodenext', 'bundler'])('types of the SDK and the testkit resolve with moduleResolution %s', (moduleResolution) => {
  cpSync(path.join(ROOT, 'tooling/examples/connector-notes'), path.join(project, 'connector-notes'), { recursive: true })
  const compilerOptions = {
    module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution, moduleResolution, target: 'es2024',
    strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, allowImportingTsExtensions: true, types: ['node'],
  }
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['connector-notes/src', 'connector-notes/test'] }))
  const compiled = execute(project, process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'])
  expect(compiled).toEqual({ code: 0, output: '' })
})
