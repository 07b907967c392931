import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const CORE = join(import.meta.dirname, '..', 'src', 'index.ts')

// Prints what importing the package loads: other packages by name, and Node's HTTP client, which a look at a global such
// as Headers loads.
const SCRIPT = `
  import { isBuiltin, registerHooks } from 'node:module'
  const names = new Set()
  registerHooks({ resolve: (specifier, context, next) => {
    if (!/^([./]|file:)/.test(specifier) && !isBuiltin(specifier)) names.add(specifier)
    return next(specifier, context)
  } })
  await import(process.argv[1])
  const lazy = process.moduleLoadList.filter((name) => /undici/.test(name))
  console.log(JSON.stringify({ names: [...names].sort(), lazy }))
`

it('imports only what reading a configuration needs; every adapter loads its library when it is used', () => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT, CORE], { encoding: 'utf8' })
  const { names, lazy } = JSON.parse(printed) as { names: readonly string[]; lazy: readonly string[] }
  expect(names).toEqual([
    '@qdrant-loader/connector-sdk',
    'fastest-levenshtein',
    'typeorm/entity-schema/EntitySchema.js',
    'yaml',
    'zod',
  ])
  expect(lazy).toEqual([])
})
