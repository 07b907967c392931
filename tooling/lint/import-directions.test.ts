import { afterAll, describe, expect, it } from 'vitest'
import { PlantedFiles } from './planted-files.ts'

const planted = new PlantedFiles('rooms', ['no-restricted-imports', 'rooms/order'])
afterAll(() => planted.remove())

/** A place in the repository, and what a file that is planted there imports. */
type Case = readonly [folder: string, imported: string]

/** The cases of which the linter says this. All are planted at once: to start the linter takes most of the time. */
function refusedBy(rule: string, cases: readonly Case[]): readonly Case[] {
  const files = cases.map(([folder], index) => `${folder}/planted-${index}.ts`)
  const said = planted.lint(Object.fromEntries(cases.map(([, imported], index) => [files[index] ?? '', `import * as planted from '${imported}'\n\nexport const used = planted\n`])))
  return cases.filter((_, index) => said.split('\n').some((line) => line.startsWith(`${files[index] ?? ''}:`) && line.includes(rule)))
}

describe('imports run one way between packages, and to what a package is for', () => {
  it('these are refused', () => {
    const cases: readonly Case[] = [
      ['packages/connector-sdk/src', 'zod'],
      ['packages/connector-git/src', '@qdrant-loader/core'],
      ['packages/connector-git/src', '@qdrant-loader/core/state'],
      ['packages/connector-git/src', '@qdrant-loader/connector-jira'],
      ['packages/connector-jira/src', 'typeorm'],
      ['packages/connector-confluence/src/deeper', '@qdrant/js-client-rest'],
      ['packages/http/src', '@qdrant-loader/core'],
      ['packages/content/src', '@qdrant-loader/http'],
      ['packages/embedder-local/src', '@qdrant-loader/core'],
      ['packages/connector-testkit/src', '@qdrant-loader/core'],
      ['packages/core/src/config', '@qdrant-loader/connector-git'],
      ['packages/core/src/pipeline', 'typeorm'],
      ['packages/core/src/pipeline', '../state/state-manager.ts'],
      ['packages/core/src/pipeline', '../store/embedded/embedded-vector-store.ts'],
      ['packages/core/src/pipeline', '../embedding/hash-embedder.ts'],
      ['packages/core/src/pipeline/deeper', '../../chunking/chunk-text.ts'],
      ['packages/core/src/store/embedded', '../../state/records.ts'],
      ['packages/core/src/store/qdrant', 'sqlite3-native'],
      ['packages/core/src/sqlite', 'typeorm'],
      ['packages/core/src/sqlite', 'sqlite-vec'],
      ['packages/core/src/performance', '@qdrant/js-client-rest'],
      ['packages/core/src/state', '../pipeline/report.ts'],
      ['apps/cli/src', '@qdrant-loader/connector-git'],
      ['apps/cli/src', 'typeorm'],
    ]
    expect(refusedBy('no-restricted-imports', cases)).toEqual(cases)
  })

  it('these are not', () => {
    const cases: readonly Case[] = [
      ['packages/connector-sdk/src', './json.ts'],
      ['packages/connector-git/src', '@qdrant-loader/connector-sdk'],
      ['packages/connector-confluence/src', '@qdrant-loader/http'],
      ['packages/core/src/state', 'typeorm'],
      ['packages/core/src/store/qdrant', '@qdrant/js-client-rest'],
      ['packages/core/src/pipeline', '../state/ingestion-state.ts'],
      ['packages/core/src/pipeline', '../store/vector-store.ts'],
      ['packages/core/src/pipeline', '@qdrant-loader/connector-sdk'],
      ['apps/cli/src', '@qdrant-loader/core/state'],
    ]
    expect(refusedBy('no-restricted-imports', cases)).toEqual([])
  })
})

describe('the rooms of core, and those of the command line, stand on each other', () => {
  it('these are refused', () => {
    const cases: readonly Case[] = [
      ['packages/core/src/pipeline/context', '../run/converge.ts'],
      ['packages/core/src/pipeline/context', '../stages/work.ts'],
      ['packages/core/src/pipeline/stages', '../run/run-source.ts'],
      ['packages/core/src/pipeline/stages', '../deletions/sweep.ts'],
      ['packages/core/src/pipeline/deletions', '../run/converge.ts'],
      ['packages/core/src/pipeline/deletions', '../recovery/redo.ts'],
      ['packages/core/src/pipeline/recovery', '../deletions/sweep.ts'],
      ['packages/core/src/pipeline/recovery', '../run/converge.ts'],
      ['packages/core/src/pipeline/run', '../incremental-ingestion-service.ts'],
      ['packages/core/src/pipeline/run', '../verify/compare.ts'],
      ['packages/core/src/pipeline/identity', '../context/counters.ts'],
      ['packages/core/src/pipeline/stages', '../index.ts'],
      ['packages/core/src/pipeline/new-room', '../context/counters.ts'],
      ['packages/core/src/performance', '../pipeline/context/counters.ts'],
      ['packages/core/src/files', '../secrets/url-secrets.ts'],
      ['packages/core/src/sqlite', '../state/records.ts'],
      ['packages/core/src/pipeline/stages', '../../rehearsal/open-rehearsal.ts'],
      ['packages/core/src/store/embedded', '../qdrant/qdrant-url.ts'],
      ['apps/cli/src/command-line', '../commands/sync.ts'],
      ['apps/cli/src/commands', '../commands.ts'],
      ['apps/cli/src/output', '../failure/exit-code.ts'],
    ]
    expect(refusedBy('rooms(order)', cases)).toEqual(cases)
  })

  it('these are not', () => {
    const cases: readonly Case[] = [
      ['packages/core/src/pipeline/context', '../identity/hashing.ts'],
      ['packages/core/src/pipeline/stages', '../context/run-context.ts'],
      ['packages/core/src/pipeline/stages', './work.ts'],
      ['packages/core/src/pipeline/run', '../stages/ingest.ts'],
      ['packages/core/src/pipeline/verify', '../incremental-ingestion-service.ts'],
      ['packages/core/src/pipeline', './run/converge.ts'],
      ['packages/core/src/config', '../state/state-path.ts'],
      ['packages/core/src/store/embedded', '../../sqlite/sqlite-driver.ts'],
      ['apps/cli/src/commands', '../composition/open-state.ts'],
    ]
    expect(refusedBy('rooms(order)', cases)).toEqual([])
  })

  it('types, exports that are passed on, and imports in the middle of a file count too', () => {
    const said = planted.lint({
      'packages/core/src/pipeline/stages/planted.ts': [
        "import type { A } from '../run/a.ts'",
        "export { b } from '../run/b.ts'",
        "export * from '../run/c.ts'",
        "export const d = (): unknown => import('../run/d.ts')",
        "export type E = import('../run/e.ts').E | A",
        '',
      ].join('\n'),
      'packages/core/src/pipeline/index.ts': "export { a } from './run/a.ts'\n",
    })
    for (const line of [1, 2, 3, 4, 5]) expect(said).toMatch(new RegExp(`planted\\.ts:${line}:.*rooms\\(order\\)`))
    expect(said).not.toContain('index.ts:')
  })
})

describe('the rooms of a connector stand on each other, and what the host sees on all of them', () => {
  it('these are refused', () => {
    const cases: readonly Case[] = [
      ['packages/connector-git/src/git', '../remote/remote.ts'],
      ['packages/connector-git/src/tree', '../repository/repository.ts'],
      ['packages/connector-confluence/src/api/cloud', '../../text/reader.ts'],
      ['packages/connector-confluence/src/text', '../passes/pass-deps.ts'],
      ['packages/connector-jira/src/api', '../text/field-value.ts'],
      ['packages/connector-jira/src/passes', '../change-detector.ts'],
      ['packages/connector-jira/src/source', '../plugin.ts'],
      ['packages/connector-jira/src/source', '../index.ts'],
      ['packages/connector-public-docs/src/sitemap', '../crawl/frontier.ts'],
      ['packages/connector-public-docs/src/crawl', '../presence.ts'],
      ['packages/connector-public-docs/src/new-room', '../site/site.ts'],
    ]
    expect(refusedBy('rooms(order)', cases)).toEqual(cases)
  })

  it('these are not', () => {
    const cases: readonly Case[] = [
      ['packages/connector-git/src', './passes/detection-pass.ts'],
      ['packages/connector-git/src/passes', '../stub.ts'],
      ['packages/connector-confluence/src/passes', '../text/reader.ts'],
      ['packages/connector-confluence/src/api/cloud', '../confluence-api.ts'],
      ['packages/connector-jira/src/text', '../stub.ts'],
      ['packages/connector-public-docs/src', './plugin.ts'],
    ]
    expect(refusedBy('rooms(order)', cases)).toEqual([])
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
    expect(planted.lint({ [a]: first, [b]: second })).toContain('no-cycle')
  })

  it('by way of a third file', () => {
    const of = (name: string): string => `import type { T } from './${name}.ts'\n\nexport type { T }\n`
    expect(planted.lint({ [a]: of('b'), [b]: of('c'), [c]: of('a') })).toContain('no-cycle')
    expect(planted.lint({ [a]: of('b'), [b]: of('c'), [c]: 'export type T = 1\n' })).not.toContain('no-cycle')
  })
})
