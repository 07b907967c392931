import { expect, test } from 'vitest'
import { collectSecrets, redact, redactTree } from './secrets.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    token: { anyOf: [{ $ref: '#/$defs/secret' }, { type: 'array', items: { $ref: '#/$defs/secret' } }] },
    login: { type: 'object', writeOnly: true },
    note: { type: 'string' },
  },
  $defs: { secret: { type: 'string', writeOnly: true } },
}

test('a schema marks secrets wherever they are: behind references, in lists, in sections', () => {
  const value = { token: ['a-secret', 'b-secret'], login: { user: { name: 'c-secret' }, pin: 1234 }, note: 'shown' }
  expect([...collectSecrets(value, SCHEMA)].sort()).toEqual(['1234', 'a-secret', 'b-secret', 'c-secret'])
  expect(redactTree(value, SCHEMA)).toEqual({ token: ['***', '***'], login: { user: { name: '***' }, pin: '***' }, note: 'shown' })
})

test('without a schema names decide, and keys that name what to read are no secrets', () => {
  const value = { api_key: 'a', access_token: 'b', password: 'c', space_key: 'DOCS', project_key: 'P', tokens: 'd' }
  expect([...collectSecrets(value, undefined)].sort()).toEqual(['a', 'b', 'c'])
})

test('URLs lose user name and password, but not the login that everybody shares', () => {
  expect(redact('from https://me:pw@h/x and ssh://git@h/y, http://tok@h', [])).toBe('from https://***@h/x and ssh://git@h/y, http://***@h')
  expect(redact('ssh://me:pw@h', [])).toBe('ssh://***@h')
  expect([...collectSecrets('https://me:p%20w@h', undefined)]).toEqual(['p%20w', 'p w'])
  expect([...collectSecrets('https://me:100%@h', undefined)]).toEqual(['100%'])
})

test('in texts the longest secret goes first, and a short one only where it stands alone', () => {
  expect(redact('abcdef abcdefgh', ['abcdef', 'abcdefgh'])).toBe('*** ***')
  expect(redact('key k, (k) and ak', ['k'])).toBe('key ***, (***) and ak')
})
