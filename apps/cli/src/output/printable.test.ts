import { expect, test } from 'vitest'
import { jsonForTerminals, onlyStyles, printable, printableLines, printableName } from './printable.ts'

const HOSTILE = 'a\u001b[31mb\u009b2Jc\u0007d\u202ee\u2066f\u2028g\rh\u007f'
const ESCAPED = 'a\\u001b[31mb\\u009b2Jc\\u0007d\\u202ee\\u2066f\\u2028g\\rh\\u007f'

test('escape sequences, line breaks and marks that reorder text show as escapes', () => {
  expect(printable(`${HOSTILE}\n\t`)).toBe(`${ESCAPED}\\n\\t`)
  expect(printableLines(`${HOSTILE}\n\t`)).toBe(`${ESCAPED}\n\t`)
})

test('text of any language stays as it is', () => {
  const text = 'Prüfung 検査 בדיקה 👩‍💻 quote" back\\slash'
  expect([printable(text), printableName(text), onlyStyles(text), jsonForTerminals(text)]).toEqual([text, text, text, text])
})

test('a name that had to be changed is quoted', () => {
  expect(printableName('a"\nError: b.md')).toBe('"a\\"\\nError: b.md"')
  expect(printableName('a\u202egnp.md')).toBe('"a\\u202egnp.md"')
})

test('JSON means the same afterwards', () => {
  const json = jsonForTerminals(JSON.stringify({ [HOSTILE]: HOSTILE }, undefined, 2))
  expect(JSON.parse(json)).toEqual({ [HOSTILE]: HOSTILE })
  expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066\u2028]/u)
})

test('the last net leaves styles and line breaks, and nothing else', () => {
  expect(onlyStyles('\u001b[1mstrong\u001b[22m\n\u001b[2J\u001b]0;title\u0007')).toBe('\u001b[1mstrong\u001b[22m\n\\u001b[2J\\u001b]0;title\\u0007')
})
