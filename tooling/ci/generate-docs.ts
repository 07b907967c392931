import { readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '@qdrant-loader/connector-sdk'
import { exitCodeOfError, exitStatusesOf } from '../../apps/cli/src/failure/exit-code.ts'
import { commandSections } from './docs/command-tables.ts'
import { configurationTables } from './docs/configuration-tables.ts'
import { errorCodesIn, mergeCodes } from './docs/error-codes.ts'
import type { ErrorCode } from './docs/error-codes.ts'
import { fillSections } from './docs/marked-sections.ts'
import { entriesOf, ERROR_SECTIONS } from './docs/error-sections.ts'
import type { ErrorSection } from './docs/error-sections.ts'
import { markdownTable } from './docs/markdown-table.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The pages with sections that are generated. */
const PAGES: readonly string[] = ['docs/commands.md', 'docs/configuration.md', 'docs/errors.md']

/** TypeScript sources of all packages and apps, without tests. */
export async function sourceFiles(): Promise<readonly string[]> {
  const found: string[] = []
  for (const group of ['packages', 'apps']) {
    for (const name of await readdir(join(ROOT, group))) {
      const entries = await readdir(join(ROOT, group, name, 'src'), { recursive: true }).catch(noFolder)
      found.push(...entries.map((entry) => join(ROOT, group, name, 'src', entry)))
    }
  }
  return found.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort()
}

/** Every error code in the sources that is not yet in a table. */
export async function allErrorCodes(): Promise<readonly ErrorCode[]> {
  const files = (await sourceFiles()).filter((file) => !ERROR_SECTIONS.some(({ folder }) => file.startsWith(join(ROOT, folder))))
  const sources = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return mergeCodes(sources.flatMap(errorCodesIn))
}

/** Every error code of the house. */
export async function errorCodes(): Promise<readonly string[]> {
  const inTables = ERROR_SECTIONS.flatMap((section) => entriesOf(section).map(([key]) => codeOf(key)))
  return [...inTables, ...(await allErrorCodes()).map(({ code }) => code)]
}

/** The pages as they should be, by path relative to the repository. */
export async function generateDocs(): Promise<ReadonlyMap<string, string>> {
  const sections = new Map([...configurationTables(), ['commands', commandSections()], ['errors', `${ERROR_SECTIONS.map(errorSection).join('\n\n')}\n\n### Others\n\n${errorTable(await allErrorCodes())}`]])
  return new Map(PAGES.map((page) => [page, fillSections(readPage(page), sections)]))
}

/** A page as it is. */
export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
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

function errorTable(codes: readonly ErrorCode[]): string {
  const rows = codes.map(({ code, kinds, meaning, hint }) => [`\`${code}\``, kinds.join(', '), exitStatuses(code, kinds), meaning, hint || 'What the hint beside the message says.'])
  return markdownTable(['code', 'kind', 'exit status', 'what happened', 'what to do'], rows)
}

function exitStatuses(code: string, kinds: readonly string[]): string {
  return kinds.map((kind) => String(exitCodeOfError({ code, kind: kind as 'config' }))).join(', ')
}

function noFolder(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}

if (import.meta.main) {
  for (const [page, content] of await generateDocs()) writeFileSync(join(ROOT, page), content)
}
