import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
let planted: string

interface LintConfig {
  readonly jsPlugins: unknown
  readonly overrides: readonly { readonly rules: object }[]
}

beforeAll(() => {
  planted = mkdtempSync(join(tmpdir(), 'planted-'))
  // Without the plugins, whose rules are tested beside: loading them takes longer than all these files.
  const { jsPlugins: _plugins, overrides, ...config } = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as LintConfig
  const imports = overrides.filter(({ rules }) => 'no-restricted-imports' in rules)
  writeFileSync(join(planted, '.oxlintrc.json'), JSON.stringify({ ...config, overrides: imports }))
  symlinkSync(join(ROOT, 'node_modules'), join(planted, 'node_modules'))
})

afterAll(() => rmSync(planted, { recursive: true, force: true }))

/** What the linter says of a file with one import, planted where such a file would stand. */
function lint(file: string, imported: string): string {
  return lintFiles({ [file]: `import * as planted from '${imported}'\n\nexport const used = planted\n` })
}

/** What the linter says of these files. */
function lintFiles(files: Readonly<Record<string, string>>): string {
  const paths = Object.keys(files)
  for (const path of paths) {
    mkdirSync(dirname(join(planted, path)), { recursive: true })
    writeFileSync(join(planted, path), files[path] ?? '')
  }
  try {
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/oxlint/bin/oxlint'), ...paths, '--format', 'unix'], {
      cwd: planted,
      encoding: 'utf8',
    })
    return stdout
  } finally {
    for (const path of paths) rmSync(join(planted, path))
  }
}

describe('imports run one way', () => {
  it.each([
    ['packages/connector-sdk/src/planted.ts', 'zod'],
    ['packages/connector-git/src/planted.ts', '@qdrant-loader/core'],
    ['packages/connector-git/src/planted.ts', '@qdrant-loader/connector-jira'],
    ['packages/connector-jira/src/planted.ts', 'typeorm'],
    ['packages/connector-confluence/src/deeper/planted.ts', '@qdrant/js-client-rest'],
    ['packages/http/src/planted.ts', '@qdrant-loader/core'],
    ['packages/content/src/planted.ts', '@qdrant-loader/http'],
    ['packages/embedder-local/src/planted.ts', '@qdrant-loader/core'],
    ['packages/connector-testkit/src/planted.ts', '@qdrant-loader/core'],
    ['packages/core/src/config/planted.ts', '@qdrant-loader/connector-git'],
    ['packages/core/src/pipeline/planted.ts', 'typeorm'],
    ['packages/core/src/pipeline/planted.ts', '../state/state-manager.ts'],
    ['packages/core/src/pipeline/planted.ts', '../store/embedded/embedded-vector-store.ts'],
    ['packages/core/src/pipeline/planted.ts', '../embedding/hash-embedder.ts'],
    ['packages/core/src/pipeline/deeper/planted.ts', '../../chunking/chunk-text.ts'],
    ['packages/core/src/store/embedded/planted.ts', '../../state/records.ts'],
    ['packages/core/src/store/qdrant/planted.ts', 'sqlite3-native'],
    ['packages/core/src/performance/planted.ts', '@qdrant/js-client-rest'],
    ['packages/core/src/state/planted.ts', '../pipeline/report.ts'],
    ['apps/cli/src/planted.ts', '@qdrant-loader/connector-git'],
    ['apps/cli/src/planted.ts', 'typeorm'],
  ])('%s may not import %s', (file, imported) => {
    expect(lint(file, imported)).toContain('no-restricted-imports')
  })

  it.each([
    ['packages/connector-sdk/src/planted.ts', './json.ts'],
    ['packages/connector-git/src/planted.ts', '@qdrant-loader/connector-sdk'],
    ['packages/connector-confluence/src/planted.ts', '@qdrant-loader/http'],
    ['packages/core/src/state/planted.ts', 'typeorm'],
    ['packages/core/src/store/qdrant/planted.ts', '@qdrant/js-client-rest'],
    ['packages/core/src/pipeline/planted.ts', '../state/ingestion-state.ts'],
    ['packages/core/src/pipeline/planted.ts', '../store/vector-store.ts'],
    ['packages/core/src/pipeline/planted.ts', '@qdrant-loader/connector-sdk'],
    ['apps/cli/src/planted.ts', '@qdrant-loader/core'],
  ])('%s may import %s', (file, imported) => {
    expect(lint(file, imported)).not.toContain('no-restricted-imports')
  })
})

describe('imports do not come back to where they began', () => {
  const a = 'packages/http/src/a.ts'
  const b = 'packages/http/src/b.ts'
  const c = 'packages/http/src/c.ts'

  it.each([
    ['values', "import { b } from './b.ts'\n\nexport const a = (): unknown => b\n", "import { a } from './a.ts'\n\nexport const b = (): unknown => a\n"],
    ['types', "import type { B } from './b.ts'\n\nexport type A = B | 1\n", "import type { A } from './a.ts'\n\nexport type B = A | 2\n"],
    ['exports that are passed on', "export * from './b.ts'\n", "export { a } from './a.ts'\n"],
  ])('%s', (_, first, second) => {
    expect(lintFiles({ [a]: first, [b]: second })).toContain('no-cycle')
  })

  it('by way of a third file', () => {
    const of = (name: string): string => `import type { T } from './${name}.ts'\n\nexport type { T }\n`
    expect(lintFiles({ [a]: of('b'), [b]: of('c'), [c]: of('a') })).toContain('no-cycle')
    expect(lintFiles({ [a]: of('b'), [b]: of('c'), [c]: 'export type T = 1\n' })).not.toContain('no-cycle')
  })
})
