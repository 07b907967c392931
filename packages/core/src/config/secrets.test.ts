import { expect, test } from 'vitest'
import { collectSecrets, redactTree } from './secrets.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    token: { anyOf: [{ $ref: '#/$defs/secret' }, { type: 'array', items: { $ref: '#/$defs/secret' } }] },
    login: { type: 'object', writeOnly: true },
    note: { type: 'string' },
  },
  $defs: { secret: { type: 'string', writeOnly: true } },
}

function values(value: unknown, schema?: typeof SCHEMA): string[] {
  return collectSecrets(value, schema).map((secret) => secret.value)
}

test('a schema marks secrets wherever they are: behind references, in lists, in sections', () => {
  const value = { token: ['a-secret', 'b-secret'], login: { user: { name: 'c-secret' }, pin: 1234 }, note: 'shown' }
  expect(values(value, SCHEMA).sort()).toEqual(['1234', 'a-secret', 'b-secret', 'c-secret'])
  expect(redactTree(value, SCHEMA)).toEqual({ token: ['***', '***'], login: { user: { name: '***' }, pin: '***' }, note: 'shown' })
})

test('without a schema names decide, and keys that name what to read are no secrets', () => {
  const value = { api_key: 'a', access_token: 'b', password: 'c', space_key: 'DOCS', project_key: 'P', tokens: 'd' }
  expect(values(value).sort()).toEqual(['a', 'b', 'c'])
})

test('user names, passwords and keys inside URLs are secrets, but not the login that everybody shares', () => {
  expect(values('https://me:p%20w@h')).toEqual(['p%20w', 'p w'])
  expect(values('https://me:100%@h')).toEqual(['100%'])
  expect(values('ssh://git@h/x')).toEqual([])
  expect(values({ url: 'https://h/x?api_key=0123456789&key=DOCS' })).toEqual(['0123456789'])
  expect(redactTree({ url: 'https://h/x?api_key=0123456789' }, undefined)).toEqual({ url: 'https://h/x?api_key=***' })
})

test('names that are sent with a secret are known with it', () => {
  const [secret] = collectSecrets({ email: 'me@example.com', token: 'abc', space_key: 'DOCS' }, undefined)
  expect(secret).toEqual({ value: 'abc', users: ['me@example.com'] })
  expect(collectSecrets('https://me%40x:pw@h', undefined)).toEqual([{ value: 'pw', users: ['me@x'] }])
})

test('of a header that is configured, what follows the scheme is the secret', () => {
  const basic = Buffer.from('me:hunter22').toString('base64')
  expect(values({ token: ['session=0123456789; theme=dark', 'QWxhZGRpbg=='] })).toEqual(['session=0123456789; theme=dark', '0123456789', 'QWxhZGRpbg=='])
  expect(values({ token: ['Bearer abc-def', `Basic ${basic}`] })).toEqual(['abc-def', basic, 'hunter22'])
})

test('a header that says who asks, or for what, is no secret: it may name the very site', () => {
  const schema = { type: 'object', properties: { headers: { type: 'object', additionalProperties: { type: 'string', writeOnly: true } } } }
  const headers = { 'User-Agent': 'docs-bot/1.0 (+https://docs.example.com)', 'accept-language': 'en-US,en;q=0.9', 'X-Api-Key': '0123456789' }
  expect(collectSecrets({ headers }, schema)).toEqual([{ value: '0123456789', users: [] }])
  expect(redactTree({ headers }, schema)).toEqual({ headers: { ...headers, 'X-Api-Key': '***' } })
})
