import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HOST_SCHEMA_FILE, hostSchemaText } from './generate-host-schema.ts'
import { fillSections, sectionNames } from './docs/marked-sections.ts'
import { configurationTables } from './docs/configuration-tables.ts'
import { generateDocs, readPage } from './generate-docs.ts'

test('the pages are as `node tooling/ci/generate-docs.ts` writes them', () => {
  for (const [page, content] of generateDocs()) {
    expect(readPage(page), `${page} is stale: run \`pnpm run docs\``).toBe(content)
  }
})

test('the schema of the host is as `node tooling/ci/generate-host-schema.ts` writes it', () => {
  expect(readFileSync(HOST_SCHEMA_FILE, 'utf8'), 'it is stale: run `pnpm run docs`').toBe(hostSchemaText())
})

test('every table of the configuration is on its page', () => {
  expect([...sectionNames(readPage('docs/configuration.md'))].sort()).toEqual([...configurationTables().keys()].sort())
})

test('what is written by hand stays, and an unknown section is an error', () => {
  const page = 'a\n<!-- generated: x -->\nold\n<!-- end -->\nb\n'
  expect(fillSections(page, new Map([['x', 'new $& text']]))).toBe('a\n<!-- generated: x -->\n\nnew $& text\n\n<!-- end -->\nb\n')
  expect(() => fillSections(page, new Map([['y', '']]))).toThrow('nothing is generated for the section "x"')
})
