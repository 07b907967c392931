import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { loadSettings } from '@qdrant-loader/core/config'
import { codeOf } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { connector as confluence } from '@qdrant-loader/connector-confluence'
import { connector as git } from '@qdrant-loader/connector-git'
import { connector as jira } from '@qdrant-loader/connector-jira'
import { connector as publicDocs } from '@qdrant-loader/connector-public-docs'
import { describe, expect, test } from 'vitest'
import { commands } from '../../apps/cli/src/commands.ts'
import { parseCommandLine } from '../../apps/cli/src/command-line/parse.ts'
import { emptySyncReport } from '../../apps/cli/src/report/empty-report.ts'
import { connector as notes } from '../examples/connector-notes/src/index.ts'
import { entriesOf, ERROR_SECTIONS } from './docs/error-sections.ts'
import { anchors, fencedBlocks, markdownPages, quotedCode, readText, relativeLinks, ROOT } from './docs/markdown-pages.ts'
import { namedTests, testTitles } from './docs/named-tests.ts'
import { shellWords, shownCommands } from './docs/shown-commands.ts'

const PAGES = markdownPages().map((path) => [path, readText(path) ?? ''] as const)

const CODES = new Set(ERROR_SECTIONS.flatMap((section) => entriesOf(section).map(([key]) => codeOf(key))))

const CONNECTORS = new Map<string, ConnectorPlugin>([
  ['confluence', confluence as ConnectorPlugin],
  ['git', git as ConnectorPlugin],
  ['jira', jira as ConnectorPlugin],
  ['public-docs', publicDocs as ConnectorPlugin],
  ['notes', notes as ConnectorPlugin],
])

describe.each(PAGES)('%s', (path, page) => {
  test('leads to files and headings that are there', () => {
    for (const link of relativeLinks(page)) {
      const [target = '', anchor] = link.split('#')
      const file = target === '' ? path : normalize(join(dirname(path), target)).replaceAll('\\', '/')
      const text = target === '' ? page : readText(file.replace(/\/$/, '/README.md'))
      expect(text, `${link} on ${path}`).toBeDefined()
      if (anchor !== undefined) expect([...anchors(text ?? '')], `${link} on ${path}`).toContain(anchor)
    }
  })

  test('names tests that are there', () => {
    for (const { file, name } of namedTests(page)) {
      const source = readText(file)
      expect(source, `${file}, named on ${path}`).toBeDefined()
      expect([...testTitles(source ?? '')], `titles in ${file}, named on ${path}`).toContain(name)
    }
  })

  test('names files and error codes that are there', () => {
    for (const [, file = ''] of page.matchAll(/`((?:packages|apps|tooling|docs)\/[\w./-]*)`/g)) {
      expect(existsSync(join(ROOT, file)), `${file}, named on ${path}`).toBe(true)
    }
    for (const [, code = ''] of page.matchAll(/\*\*`([a-z0-9_]+)`\*\*/g)) {
      if (code.includes('_')) expect([...CODES], `named on ${path}`).toContain(code)
    }
  })

  test('shows command lines that the program understands', () => {
    for (const line of shownCommands(page)) {
      expect(() => parseCommandLine(shellWords(line), commands), `qdrant-loader ${line}`).not.toThrow()
    }
  })

  test('shows configurations that are valid', async () => {
    for (const block of fencedBlocks(page).filter(({ language }) => language === 'yaml')) {
      await expect(load(block.text), `${path}:${block.line}`).resolves.toBeDefined()
    }
  })
})

/** Loads a configuration as the program does; every variable that it refers to is set. */
async function load(text: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'docs-'))
  const names = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)
  try {
    writeFileSync(join(cwd, 'qdrant-loader.yaml'), text)
    return await loadSettings({
      cwd,
      env: Object.fromEntries(names.map((name) => [name, name.endsWith('_PATH') ? join(cwd, 'state.db') : 'value'])),
      resolveConnector: async ({ type }) => {
        const connector = CONNECTORS.get(type)
        if (connector === undefined) throw new Error(`no documented connector reads sources of type ${type}`)
        return connector
      },
    })
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

test('every invariant is described with tests that hold it', () => {
  const page = readText('docs/sync-semantics.md') ?? ''
  const sections = page.split(/^### /m).filter((section) => /^I\d+[ .:]/.test(section))
  expect(sections.map((section) => /^I\d+/.exec(section)?.[0])).toEqual(Array.from({ length: 12 }, (_, index) => `I${index + 1}`))
  for (const section of sections) expect(namedTests(section).length, section.split('\n')[0]).toBeGreaterThan(0)
})

test('SECURITY.md says what is trusted and what is not, and each part names the tests that hold it', () => {
  const page = readText('SECURITY.md') ?? ''
  const [, trusted = '', untrusted = ''] = page.split(/^## What is (?:not )?trusted$/m)
  for (const part of [trusted, untrusted.split(/^## /m)[0] ?? '']) {
    const sections = part.split(/^### /m).slice(1)
    expect(sections.length).toBeGreaterThan(3)
    for (const section of sections) expect(namedTests(section).length, section.split('\n')[0]).toBeGreaterThan(0)
  }
})

test('the report that the guide shows has the keys of a report', () => {
  const shown = fencedBlocks(readText('docs/incremental-ingestion.md') ?? '').filter(({ language }) => language === 'json')
  expect(shown).toHaveLength(1)
  const report = JSON.parse(shown[0]?.text ?? '') as ReturnType<typeof emptySyncReport> & { sources: object[] }
  const empty = emptySyncReport(false, false)
  expect(Object.keys(report)).toEqual(Object.keys(empty))
  for (const part of ['documents', 'chunks', 'points', 'requests'] as const) {
    expect(Object.keys(report.totals[part])).toEqual(Object.keys(empty.totals[part]))
  }
  expect(report.sources[0]).toMatchObject(report.totals)
})

test('the code of the guide to connectors is a part of the files that it links to', () => {
  const quoted = quotedCode(readText('docs/writing-a-connector.md') ?? '').filter(({ language }) => ['ts', 'json'].includes(language))
  expect(quoted.length).toBeGreaterThan(5)
  for (const { file, text, line } of quoted) {
    expect(readText(join('docs', file)), `the code in line ${line} of the guide, as a part of ${file}`).toContain(text)
  }
})

test('every page of the documentation is in its index', () => {
  const index = relativeLinks(readText('docs/README.md') ?? '')
  const pages = PAGES.map(([path]) => path).filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
  expect(index.filter((link) => !link.startsWith('../')).sort()).toEqual(pages.map((path) => path.slice('docs/'.length)).sort())
})

test('every published package carries the licence and a README', () => {
  const licence = readText('LICENSE')
  for (const [path] of PAGES.filter(([page]) => /^(?:packages|apps)\//.test(page))) {
    expect(readText(join(dirname(path), 'LICENSE')), `LICENSE beside ${path}`).toBe(licence)
  }
  expect(PAGES.map(([path]) => path)).toEqual(expect.arrayContaining(['packages/core/README.md', 'apps/cli/README.md']))
})

describe('what is looked for', () => {
  test('command lines are found in blocks and spans, and split as a shell does', () => {
    const page = 'Run `qdrant-loader sync --full`, not `qdrant-loader.yaml`.\n```sh\nA=1 npx @qdrant-loader/cli search "a b" --limit 3 | head # c\nls\n```\n'
    expect(shownCommands(page).map(shellWords).toSorted()).toEqual([['search', 'a b', '--limit', '3'], ['sync', '--full']])
    expect(() => parseCommandLine(['sync', '--ful'], commands)).toThrow('--ful')
  })

  test('tests are found with their titles, over line breaks', () => {
    expect(namedTests('- `a/b.test.ts`: "one\n  two", "three"\n- other\n- `c.test.ts`\n')).toEqual([
      { file: 'a/b.test.ts', name: 'one two' },
      { file: 'a/b.test.ts', name: 'three' },
      { file: 'c.test.ts', name: '' },
    ])
    expect([...testTitles("it('a', f)\n  it.each([1, f(2)])('b %s', f)\ntest(\n  `c`,\n f)\nit('don\\'t', f)")]).toEqual(['a', 'b %s', 'c', "don't"])
  })

  test('a configuration that is wrong is noticed', async () => {
    await expect(load('sources: { git: { a: { base_url: ., nonsense: 1 } } }')).rejects.toThrow('nonsense')
    await expect(load('sources: { other: { a: {} } }')).rejects.toThrow()
  })

  test('links and anchors are read as a code host does', () => {
    expect(relativeLinks('[a](b.md#c-d) [e](https://f) `[g](h)`\n```\n[i](j)\n```')).toEqual(['b.md#c-d'])
    expect([...anchors('## I1: Convergence, as above\n```\n# no\n```\n### `a` and b')]).toEqual(['i1-convergence-as-above', 'a-and-b'])
    expect(ROOT.endsWith('tooling')).toBe(false)
  })
})
