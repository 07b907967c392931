import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entriesOf, ERROR_SECTIONS } from './docs/error-sections.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Words with which an instruction begins. */
const VERBS =
  'Add|Ask|Begin|Check|Choose|Configure|Correct|Edit|Empty|End|Exclude|Free|Give|Install|Keep|Leave|Let|Log|Look|Lower|Make|Move|Name|Open|' +
  'Raise|Remove|Rename|Repeat|Report|Restore|Revoke|Run|Save|Search|Set|Split|Start|Take|Try|Update|Upgrade|Use|Wait|Write'
const INSTRUCTION = new RegExp(`(?:^|[.:;,?] |\\b(?:and|or|then|please) )(?:${VERBS})\\b`, 'i')

test('every codes.ts is in the documentation', () => {
  const found = globSync('{packages,apps}/*/src/**/codes.ts', { cwd: ROOT }).map((file) => file.replaceAll('\\', '/'))
  expect(found.sort()).toEqual(ERROR_SECTIONS.map(({ folder, file }) => file ?? `${folder}/codes.ts`).sort())
})

describe.each(ERROR_SECTIONS.map((section) => [section.folder, section] as const))('the errors of %s', (folder, section) => {
  const sources = globSync('**/*.ts', { cwd: join(ROOT, folder) })
    .filter((file) => !file.endsWith('.test.ts') && basename(file) !== 'codes.ts')
    .map((file) => join(folder, file))
    .concat(section.also ?? [])
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n')

  test('each is made somewhere', () => {
    expect(entriesOf(section).filter(([key]) => !sources.includes(`'${key}'`))).toEqual([])
  })

  test('each code is one word, and each variant belongs to one', () => {
    for (const [key] of entriesOf(section)) expect(key).toMatch(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?:\/[a-z][a-z0-9_]*)?$/)
  })

  test('each says what happened in one line', () => {
    for (const [key, { message, about }] of entriesOf(section)) {
      const what = about?.message ?? message
      expect(what, key).not.toMatch(/\n/)
      expect(what.replaceAll(/\[[^\]]*\]|\{\w+\}/g, ''), `${key}: more than values`).toMatch(/[a-z]{2,}.*[a-z]{2,}/)
    }
  })

  test('each hint is a sentence that says what to do', () => {
    for (const [key, entry] of entriesOf(section)) {
      const hint = (entry.about?.hint ?? entry.hint).replaceAll(/[[\]]/g, '')
      expect(hint, key).toMatch(/^[A-Z`{]/)
      expect(hint, key).toMatch(INSTRUCTION)
      // A command or a setting at the end stands as it is to be written.
      expect(hint, key).toMatch(/[.?]$|: \S.*$/)
    }
  })
})
