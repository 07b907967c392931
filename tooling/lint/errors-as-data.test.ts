import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
let planted: string

interface LintConfig {
  readonly jsPlugins: readonly { readonly name: string; readonly specifier: string }[]
  readonly overrides: readonly { readonly rules: object }[]
}

beforeAll(() => {
  planted = mkdtempSync(join(tmpdir(), 'planted-'))
  const { jsPlugins, overrides, ...config } = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as LintConfig
  const plugins = jsPlugins.filter(({ name }) => name === 'errors').map(({ name, specifier }) => ({ name, specifier: join(ROOT, specifier) }))
  writeFileSync(join(planted, '.oxlintrc.json'), JSON.stringify({ ...config, jsPlugins: plugins, overrides: overrides.filter(({ rules }) => 'errors/as-data' in rules) }))
  symlinkSync(join(ROOT, 'node_modules'), join(planted, 'node_modules'))
})

afterAll(() => rmSync(planted, { recursive: true, force: true }))

/** What is planted where; a text that begins with `no:` is refused. */
const PLANTED: Readonly<Record<string, string>> = {
  'packages/connector-git/src/made.ts': "no: throw new LoaderError({ ...words, cause })",
  'packages/core/src/state/of-a-class.ts': "no: throw new DatabaseError({ code: 'state_odd', kind: 'config', message, hint })",
  'apps/cli/src/with-a-hint.ts': 'no: export const scope = { code: `odd`, hint: "Do it." }',
  'tooling/examples/connector-notes/src/made.ts': "no: throw new LoaderError({ code: 'notes_odd', kind: 'config', message, hint })",
  'packages/core/src/state/of-the-table.ts': "throw new DatabaseError({ ...stateError.describe('state_closed'), cause })",
  'packages/core/src/passed-on.ts': 'export const told = { code: error.code, kind: error.kind, hint: error.hint }',
  'packages/core/src/no-error.ts': "export const issue = { code: 'custom', message: 'is too long' }",
  'packages/connector-sdk/src/errors-of.ts': 'throw new LoaderError(words)',
  'packages/core/src/some.test.ts': "throw new LoaderError({ code: 'x', kind: 'auth', message: 'm', hint: 'h' })",
}

it('an error beside the tables is refused by the linter, wherever it is made', () => {
  for (const [file, text] of Object.entries(PLANTED)) {
    mkdirSync(dirname(join(planted, file)), { recursive: true })
    writeFileSync(join(planted, file), `${text.replace(/^no: /, '')}\n`)
  }
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/oxlint/bin/oxlint'), 'packages', 'apps', 'tooling', '--format', 'unix'], {
    cwd: planted,
    encoding: 'utf8',
  })
  const refused = stdout.split('\n').flatMap((line) => (line.includes('errors(as-data)') ? line.slice(0, line.indexOf(':')) : []))
  expect([...new Set(refused)].sort()).toEqual(Object.keys(PLANTED).filter((file) => PLANTED[file]?.startsWith('no: ')).sort())
})
