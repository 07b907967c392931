import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, ERROR_KINDS } from '@qdrant-loader/connector-sdk'
import type { ErrorKind } from '@qdrant-loader/connector-sdk'
import { exitStatusesOf } from '../../apps/cli/src/failure/exit-code.ts'
import { commandSections } from './docs/command-tables.ts'
import { configurationTables } from './docs/configuration-tables.ts'
import { lawTables } from './docs/law-tables.ts'
import { fillSections } from './docs/marked-sections.ts'
import { entriesOf, ERROR_SECTIONS } from './docs/error-sections.ts'
import type { ErrorSection } from './docs/error-sections.ts'
import { markdownTable } from './docs/markdown-table.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The pages with sections that are generated. */
const PAGES: readonly string[] = ['docs/commands.md', 'docs/configuration.md', 'docs/errors.md', 'packages/connector-testkit/README.md']

/** The pages as they should be, by path relative to the repository. */
export function generateDocs(): ReadonlyMap<string, string> {
  const sections = new Map([
    ...configurationTables(),
    ['commands', commandSections()],
    ['kinds', kindTable()],
    ['errors', ERROR_SECTIONS.map(errorSection).join('\n\n')],
    ['laws', lawTables()],
  ])
  return new Map(PAGES.map((page) => [page, fillSections(readPage(page), sections)]))
}

/** A page as it is. */
export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
}

const MEANINGS: Readonly<Record<ErrorKind, string>> = {
  config: 'The configuration, the command line or the machine needs a change.',
  auth: 'Credentials or permissions need a change.',
  transient: 'Trying again may help: a lost connection, too many requests, a server in trouble.',
  document: 'One document cannot be read or embedded.',
  internal: 'A defect of this program or of a connector.',
}

function kindTable(): string {
  const rows = (Object.keys(MEANINGS) as ErrorKind[]).map((kind) => {
    const { retried, failsAlone } = ERROR_KINDS[kind]
    return [
      `\`${kind}\``,
      MEANINGS[kind],
      retried ? 'as `global.retry` says' : 'no',
      failsAlone ? 'The document fails (5), the others go on.' : 'The run of the source ends.',
      'The run of the source ends.',
      exitStatusesOf({ code: '', kind }).join(', '),
    ]
  })
  return markdownTable(['kind', 'what it says', 'tried again', 'while one document is read', 'anywhere else', 'exit status of a run that it ends'], rows)
}

function errorSection(section: ErrorSection): string {
  const rows = [...entriesOf(section)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { kind, message, hint, about }]) => {
      const code = codeOf(key)
      return [`\`${code}\``, kind, exitStatusesOf({ code, kind }).join(', '), about?.message ?? message, about?.hint ?? hint]
    })
  return `### ${section.title}\n\n${markdownTable(['code', 'kind', 'exit status', 'what happened', 'what to do'], rows)}`
}

if (import.meta.main) {
  for (const [page, content] of generateDocs()) writeFileSync(join(ROOT, page), content)
}
