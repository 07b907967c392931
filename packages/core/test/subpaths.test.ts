import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const PACKAGE = join(import.meta.dirname, '..')
const SOURCE = join(PACKAGE, 'src')

interface Exports {
  readonly [subpath: string]: string | Readonly<Record<string, string>>
}
const { exports, publishConfig } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { readonly exports: Exports; readonly publishConfig: { readonly exports: Exports } }

/** A room's index is its subpath. */
const ROOMS = globSync('*/index.ts', { cwd: SOURCE }).map((file) => file.slice(0, -'/index.ts'.length)).toSorted()

it('every room with an index is a subpath, and is published', () => {
  const subpaths = ['.', ...ROOMS.map((room) => `./${room}`), './package.json']
  expect(Object.keys(exports)).toEqual(subpaths)
  const published = Object.entries(exports).map(([subpath, target]) => {
    if (typeof target === 'string') return [subpath, target]
    const { '@qdrant-loader/source': _source, ...rest } = target
    return [subpath, rest]
  })
  expect(publishConfig.exports).toEqual(Object.fromEntries(published))
})

/** Prints what is loaded by importing its argument: rooms of core, and packages of others, those that are one file as such. */
const LOADED = `
import { registerHooks } from 'node:module'
const rooms = new Set()
const others = new Map()
registerHooks({ load(url, context, next) {
  const other = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1]
  const room = /\\/core\\/src\\/([^/]+)\\//.exec(url)?.[1]
  if (other) others.set(other, (others.get(other) ?? 0) + 1)
  else if (room) rooms.add(room)
  return next(url, context)
} })
await import(process.argv[1])
console.log(JSON.stringify([...rooms, ...[...others].map(([name, files]) => files === 1 ? name + ' (one file)' : name)].sort()))`

/** What importing a subpath loads. Databases, their clients, the tokenizer and TypeORM itself come when they are used. */
const LOADS: Readonly<Record<string, readonly string[]>> = {
  chunking: ['chunking'],
  config: ['config', 'fastest-levenshtein (one file)', 'secrets', 'state', 'yaml', 'zod'],
  embedding: ['chunking', 'embedding', 'performance', 'secrets', 'zod'],
  files: ['files'],
  pipeline: ['performance', 'pipeline', 'secrets', 'store'],
  rehearsal: ['chunking', 'embedding', 'performance', 'rehearsal', 'sqlite', 'store'],
  secrets: ['secrets'],
  state: ['files', 'performance', 'sqlite', 'state', 'typeorm (one file)'],
  store: ['files', 'performance', 'secrets', 'sqlite', 'store', 'zod'],
}

it.each(ROOMS)('%s loads no more than it needs', (room) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=@qdrant-loader/source', '--input-type=module', '--eval', LOADED, `@qdrant-loader/core/${room}`], {
    cwd: PACKAGE,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual(LOADS[room])
})
