import { expect, it } from 'vitest'
import { fullTextQuery } from './full-text-query.ts'

it('quotes every word once', () => {
  expect(fullTextQuery('  two words two ')).toBe('"two" OR "words"')
  expect(fullTextQuery('say "hi" title:x NEAR(a b)')).toBe('"say" OR """hi""" OR "title:x" OR "NEAR(a" OR "b)"')
  expect(fullTextQuery('nul\0nul')).toBe('"nul"')
})

it('has no query for what holds no word', () => {
  for (const text of ['', '   ', '*', '"', '-- ;', '\0', '😀']) expect(fullTextQuery(text)).toBeUndefined()
})
