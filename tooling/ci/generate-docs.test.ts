import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { errorCodesIn } from './docs/error-codes.ts'
import { fillSections, sectionNames } from './docs/marked-sections.ts'
import { configurationTables } from './docs/configuration-tables.ts'
import { allErrorCodes, generateDocs, readPage, sourceFiles } from './generate-docs.ts'

test('the pages are as `node tooling/ci/generate-docs.ts` writes them', async () => {
  for (const [page, content] of await generateDocs()) {
    expect(readPage(page), `${page} is stale: run \`pnpm run docs\``).toBe(content)
  }
})

test('every table of the configuration is on its page', () => {
  expect([...sectionNames(readPage('docs/configuration.md'))].sort()).toEqual([...configurationTables().keys()].sort())
})

test('every error code of the sources is in the list, with its kind', async () => {
  const listed = new Map((await allErrorCodes()).map((entry) => [entry.code, entry]))
  for (const file of await sourceFiles()) {
    const source = (await readFile(file, 'utf8')).replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, '')
    // A cruder look than the generator's: a code near the kind of an error.
    for (const [, code = ''] of source.matchAll(/\bcode: '([a-z][a-z0-9_]*)',\s*(?:\n\s*)?kind: /g)) {
      expect([...listed.keys()], file).toContain(code)
    }
  }
  const kinds = new Set(['config', 'auth', 'transient', 'document', 'internal'])
  for (const { code, kinds: found } of listed.values()) expect(found.every((kind) => kinds.has(kind)), code).toBe(true)
})

test('a code is read from a literal on one line, on many, with alternatives and with a constant', () => {
  const source = [
    "const LATER = 'Try it later.'",
    "  return new LoaderError({ code: 'one', kind: 'auth', message: `no, ${x}`, hint: 'Do, this.' })",
    '/** Somebody said no. And more. */',
    'function refused(message: string): LoaderError {',
    "  const hint = 'Ask again.'",
    "  return new LoaderError({ code: 'refused', kind: 'auth', message, hint })",
    '}',
    'function later() {',
    '  throw new LoaderError({',
    "    code: many ? 'two' : 'three',",
    "    kind: many ? 'config' : 'transient',",
    '    message:',
    "      'It is ' +",
    '      `${thing} of all.`,',
    '    hint: LATER,',
    '  })',
    " * code: 'four', kind: 'config'",
    "  code: { type: 'text' }, hint: 'a column',",
    "  issues.push({ code: 'custom', message: 'no error of ours' })",
  ].join('\n')
  expect(errorCodesIn(source)).toEqual([
    { code: 'one', kinds: ['auth'], meaning: 'no, …', hint: 'Do, this.' },
    { code: 'refused', kinds: ['auth'], meaning: 'Somebody said no.', hint: 'Ask again.' },
    { code: 'two', kinds: ['config', 'transient'], meaning: 'It is … of all.', hint: 'Try it later.' },
    { code: 'three', kinds: ['config', 'transient'], meaning: 'It is … of all.', hint: 'Try it later.' },
  ])
})

test('what is written by hand stays, and an unknown section is an error', () => {
  const page = 'a\n<!-- generated: x -->\nold\n<!-- end -->\nb\n'
  expect(fillSections(page, new Map([['x', 'new $& text']]))).toBe('a\n<!-- generated: x -->\n\nnew $& text\n\n<!-- end -->\nb\n')
  expect(() => fillSections(page, new Map([['y', '']]))).toThrow('nothing is generated for the section "x"')
})
