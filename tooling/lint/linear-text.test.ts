import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quadraticSearch } from './linear-text.ts'

const ROOT = join(import.meta.dirname, '..', '..')
let planted: string

beforeAll(() => {
  planted = mkdtempSync(join(tmpdir(), 'planted-'))
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(planted, '.oxlintrc.json'))
  for (const folder of ['node_modules', 'tooling']) symlinkSync(join(ROOT, folder), join(planted, folder))
  mkdirSync(join(planted, 'packages/content/src'), { recursive: true })
})
afterAll(() => rmSync(planted, { recursive: true, force: true }))

/** What the linter says of a file with these expressions. */
function lint(...expressions: readonly string[]): string {
  writeFileSync(join(planted, 'packages/content/src/planted.ts'), expressions.map((expression, index) => `export const used${index} = ${expression}\n`).join(''))
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/oxlint/bin/oxlint'), 'packages', '--format', 'unix'], { cwd: planted, encoding: 'utf8' })
  return stdout
}

describe('H2: an expression that takes more than linear time is refused by the linter', () => {
  it('nested and adjacent repeats', () => {
    const said = lint('/^(a+)+$/', '/^ {0,3}#(?:[ \\t]+(.*?))?(?:[ \\t]+#+)?[ \\t]*$/')
    expect(said).toMatch(/planted\.ts:1:.*no-super-linear-backtracking/)
    expect(said).toMatch(/planted\.ts:2:.*no-super-linear-backtracking/)
  })

  it('a search that begins with a repeat', () => {
    expect(lint('/\\/+$/')).toMatch(/planted\.ts:1:.*no-super-linear-move/)
  })

  it('a search whose beginning fits into its repeat, also where it is made from a text', () => {
    const said = lint('/<!--[^]*?-->/g', "new RegExp('<a[^>]*>', 'g')")
    expect(said).toMatch(/planted\.ts:1:.*no-quadratic-search/)
    expect(said).toMatch(/planted\.ts:2:.*no-quadratic-search/)
  })

  it('the same file without them is fine', () => {
    expect(lint('/^a+$/', '/(?<!\\/)\\/+$/', '/<a[^<>]*>/g')).not.toContain('planted.ts')
  })
})

describe('a search that takes quadratic time', () => {
  it.each([
    ['<!--[^]*?-->', ''],
    ['<a[^>]*>', ''],
    ['!?\\[([^\\]]*)\\]\\([^)]*\\)', 'g'],
    ['(`+)(.+?)\\1', ''],
    ['\\s+$', ''],
    ['\\s*\\n', ''],
    ['x.*y', ''],
    ['(?:ab|a.*c)d', ''],
    ['^\\s*x', 'm'],
    ['[?#].*$', ''],
    ['(?<!x)\\s+$', ''],
  ])('/%s/%s is one', (pattern, flags) => expect(quadraticSearch(pattern, flags)).toBeDefined())

  it.each([
    ['^\\s*x', ''],
    ['\\s*x', 'y'],
    ['<a[^<>]*>', ''],
    ['\\s+', 'g'],
    ['(?<!\\s)\\s+$', ''],
    ['(?<![ \\t])[ \\t]+$', 'm'],
    ['\\b\\w+=', ''],
    ['a{1,200}b', ''],
    ['x[^]*', ''],
    ['^[ \\t]*x', 'm'],
    ['&[a-z]+;', 'i'],
  ])('/%s/%s is none', (pattern, flags) => expect(quadraticSearch(pattern, flags)).toBeUndefined())
})
