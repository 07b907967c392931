import { expect, test } from 'vitest'
import { createRedactor } from './redactor.ts'

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor()
  redactor.add(secrets)
  return redactor
}

test('a secret is replaced wherever it stands in a text', () => {
  expect(redactorOf('s3cr3t-token').text('Bearer s3cr3t-token, again: s3cr3t-token.')).toBe('Bearer ***, again: ***.')
})

test('its forms in JSON, a URL and a basic-authentication header are replaced too', () => {
  const secret = 'p"ss w/rd+1'
  const redactor = redactorOf(secret)
  expect(redactor.text(JSON.stringify({ token: secret }))).toBe('{"token":"***"}')
  expect(redactor.text(`q=${encodeURIComponent(secret)}`)).toBe('q=***')
  expect(redactor.text(`Basic ${Buffer.from(secret).toString('base64')}`)).toBe('Basic ***')
})

test('a secret with the signs of regular expressions is taken as it is', () => {
  expect(redactorOf('a.c$(x)[y]|z').text('abc$(x)[y]|z a.c$(x)[y]|z')).toBe('abc$(x)[y]|z ***')
})

test('a secret that contains another one goes as a whole', () => {
  expect(redactorOf('token', 'token-long').text('token-long token')).toBe('*** ***')
})

test('a short secret is replaced where it stands alone, and eats no other words', () => {
  expect(redactorOf('ab').text('ab about (ab)')).toBe('*** about (***)')
})

test('a user name and password inside a URL are replaced without being known', () => {
  expect(createRedactor().text('cannot reach https://me:pass@example.com/x.git')).toBe('cannot reach https://***@example.com/x.git')
  expect(createRedactor().text('ssh://git@example.com/x.git')).toBe('ssh://git@example.com/x.git')
  expect(createRedactor().text('mail me@example.com')).toBe('mail me@example.com')
})

test('nested values, keys, errors and their causes are redacted', () => {
  const error = new Error('outer hunter22', { cause: new Error('inner hunter22') })
  const text = JSON.stringify(redactorOf('hunter22').value({ list: ['hunter22'], hunter22: 1, error, date: new Date(0) }))
  expect(text).not.toContain('hunter22')
  expect(text).toContain('inner ***')
  expect(text).toContain('1970-01-01T00:00:00.000Z')
})

test('a value that contains itself ends', () => {
  const loop: Record<string, unknown> = {}
  loop['self'] = loop
  expect(JSON.stringify(createRedactor().value(loop))).toContain('[Object]')
})

test('empty secrets replace nothing', () => {
  expect(redactorOf('', '  ').text('as it was')).toBe('as it was')
})
