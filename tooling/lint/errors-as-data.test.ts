import { afterAll, expect, it } from 'vitest'
import { PlantedFiles } from './planted-files.ts'

const planted = new PlantedFiles('errors', ['errors/as-data'])
afterAll(() => planted.remove())

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
  const said = planted.lint(Object.fromEntries(Object.entries(PLANTED).map(([file, text]) => [file, `${text.replace(/^no: /, '')}\n`])))
  const refused = said.split('\n').flatMap((line) => (line.includes('errors(as-data)') ? line.slice(0, line.indexOf(':')) : []))
  expect([...new Set(refused)].sort()).toEqual(Object.keys(PLANTED).filter((file) => PLANTED[file]?.startsWith('no: ')).sort())
})
