import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOMS } from '../lint/rooms.ts'
import { structureOf } from './structure.ts'

const ROOT = join(import.meta.dirname, '..', '..')

it('no file leads back to itself, not even by an import in the middle of it, which the linter does not follow', () => {
  const structure = structureOf(ROOT)
  expect(structure.size).toBeGreaterThan(10)
  expect([...structure].filter(([, { circles }]) => circles > 0)).toEqual([])
})

it('where rooms have an order, no folder imports one that imports it', () => {
  const structure = [...structureOf(ROOT)].filter(([folder]) => folder in ROOMS)
  expect(structure.length).toBeGreaterThanOrEqual(Object.keys(ROOMS).length)
  expect(structure.filter(([, { backwards }]) => backwards > 0)).toEqual([])
})
