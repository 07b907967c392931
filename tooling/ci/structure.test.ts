import { join } from 'node:path'
import { expect, it } from 'vitest'
import { structureOf } from './structure.ts'

const ROOT = join(import.meta.dirname, '..', '..')

it('no file leads back to itself, not even by an import in the middle of it, which the linter does not follow', () => {
  const structure = structureOf(ROOT)
  expect(structure.size).toBeGreaterThan(10)
  expect([...structure].filter(([, { circles }]) => circles > 0)).toEqual([])
})

it('no folder imports one that imports it', () => {
  expect([...structureOf(ROOT)].filter(([, { backwards }]) => backwards > 0)).toEqual([])
})
