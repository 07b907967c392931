import { expect, test } from 'vitest'
import { substitute } from './substitution.ts'

const variables = new Map([['A', 'one'], ['EMPTY', ''], ['NESTED', '${A}']])

function text(source: string): string {
  const { text: result, failures } = substitute(source, (name) => variables.get(name))
  expect(failures).toEqual([])
  return result
}

test.each([
  ['${A}', 'one'],
  ['x${A}y${A}', 'xoneyone'],
  ['${NONE:-two}', 'two'],
  ['${EMPTY:-two}', 'two'],
  ['${EMPTY}', ''],
  ['${NONE:-}', ''],
  ['${NONE:-a:-b http://h}', 'a:-b http://h'],
  ['$${A}', '${A}'],
  ['$A $ $$ {A}', '$A $ $$ {A}'],
  ['${NESTED}', '${A}'],
])('%s becomes %s', (source, expected) => {
  expect(text(source)).toBe(expected)
})

test.each(['${A', '${}', '${1A}', '${A B}', '${A-x}', '${A:-${B}}'])('%s is no reference', (source) => {
  expect(substitute(source, (name) => variables.get(name)).failures[0]?.code).toBe('config_reference_invalid')
})

test('only a text that is one reference is whole', () => {
  const whole = (source: string) => substitute(source, () => 'x').whole
  expect(['${A}', '${A:-1}'].map(whole)).toEqual([true, true])
  expect(['${A} ', 'x${A}', '${A}${A}', '$${A}', 'A'].map(whole)).toEqual([false, false, false, false, false])
})
