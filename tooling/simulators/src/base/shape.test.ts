import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SharedFault } from './faults.ts'

const SOURCES = join(import.meta.dirname, '..')
const README = readFileSync(join(SOURCES, '..', 'README.md'), 'utf8')
const KINDS = readdirSync(SOURCES).filter((name) => existsSync(join(SOURCES, name, 'index.ts')))
const SHARED: Readonly<Record<SharedFault['kind'], true>> = { status: true, answer: true, 'login-page': true, drop: true, delay: true, stall: true, truncate: true }

function textOf(...path: readonly string[]): string {
  return readFileSync(join(SOURCES, ...path), 'utf8')
}

it('the servers on the base', () => expect(KINDS).toEqual(['confluence', 'embedder', 'git', 'jira', 'qdrant', 'site']))

describe.each(KINDS)('%s', (name) => {
  const files = readdirSync(join(SOURCES, name)).filter((file) => file.endsWith('.ts'))

  it('has the shape of all', async () => {
    for (const file of [`${name}-simulator.ts`, 'run.ts', 'index.ts']) expect(files).toContain(file)
    const named = files.filter((file) => /world|generate|quirks|faults/.test(file) && !file.endsWith('.test.ts') && file !== 'quirk-answers.ts')
    for (const file of named) expect([`${name}-world.ts`, `generate-${name}.ts`, 'quirks.ts', 'faults.ts']).toContain(file)
    expect(textOf(name, `${name}-simulator.ts`)).toMatch(/^export class \w+Simulator extends SimulatedServer</m)
    const { usage } = (await import(`../${name}/run.ts`)) as { usage: string }
    expect(usage).toMatch(new RegExp(`^pnpm sim ${name} `))
  })

  it('opens no server of its own', () => {
    const own = files.filter((file) => /createServer|\.listen\((?!\))/.test(textOf(name, file)))
    expect(own.filter((file) => !file.endsWith('.test.ts'))).toEqual([])
  })

  it('is on the page, with its own faults', () => {
    const [row = ''] = new RegExp(`^\\| \`${name}\` .*$`, 'm').exec(README) ?? []
    const kinds = files.includes('faults.ts') ? Array.from(textOf(name, 'faults.ts').matchAll(/readonly kind: '([\w-]+)'/g), ([, kind]) => kind ?? '') : []
    for (const kind of kinds) expect(row, `the fault ${kind}`).toContain(`\`${kind}\``)
    expect(row.includes('`quirks.ts`')).toBe(files.includes('quirks.ts'))
  })
})

it('each fault that all have is on the page', () => {
  for (const kind of Object.keys(SHARED)) expect(README).toContain(`| \`${kind}\` |`)
})
