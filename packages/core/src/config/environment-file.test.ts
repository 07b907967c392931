import { expect, test } from 'vitest'
import { parseEnvironmentFile } from './environment-file.ts'

function values(text: string): Record<string, string> {
  const { values: found, problems } = parseEnvironmentFile(text, '.env')
  expect(problems).toEqual([])
  return Object.fromEntries(found)
}

test('bare values are trimmed and end at a comment', () => {
  expect(values('A=1\n B =  two words  # comment\nC=a#b\nD=\nE=#\nexport F=x=y\n')).toEqual({
    A: '1',
    B: 'two words',
    C: 'a#b',
    D: '',
    E: '',
    F: 'x=y',
  })
})

test('single quotes are literal, double quotes know escapes, both may hold line breaks and signs', () => {
  expect(values(`A='it # is \\n $X'\nB="a\\nb \\"c\\" \\\\ \\$ # \\q" # comment\nC="one\ntwo"\nD='x\ny'\nE=z`)).toEqual({
    A: 'it # is \\n $X',
    B: 'a\nb "c" \\ $ # \\q',
    C: 'one\ntwo',
    D: 'x\ny',
    E: 'z',
  })
})

test('a byte order mark, Windows line ends, empty lines and comments do no harm; the last assignment counts', () => {
  expect(values('\uFEFFA=1\r\n\r\n# A=3\r\nA=2\r\n')).toEqual({ A: '2' })
})

test('references are not followed', () => {
  expect(values('A=1\nB=$A ${A}\n')).toEqual({ A: '1', B: '$A ${A}' })
})

test.each([
  ['A=1\nsecret words\n', '.env:2:1', 'this line is no assignment of the form NAME=value'],
  ['1A=secret', '.env:1:1', 'this line is no assignment of the form NAME=value'],
  ['A="secret\nB=2', '.env:1:1', 'the double quote that begins the value of A is never closed'],
  ["A='x' secret", '.env:1:1', 'there is text after the closing quote of A'],
])('%j is a problem that repeats no value', (text, where, message) => {
  const { problems } = parseEnvironmentFile(text, '.env')
  expect(problems[0]).toMatchObject({ where, message })
  expect(JSON.stringify(problems)).not.toContain('secret')
})

test('no name is special', () => {
  expect(parseEnvironmentFile('__proto__=1\nconstructor=2', '.env').values).toEqual(new Map([['__proto__', '1'], ['constructor', '2']]))
})
