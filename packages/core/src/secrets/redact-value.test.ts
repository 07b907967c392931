import { expect, test } from 'vitest'
import { redactValue } from './redact-value.ts'
import { SecretVault } from './secret-vault.ts'

function vaultOf(...secrets: string[]) {
  return new SecretVault(secrets.map((value) => ({ value })))
}

test('nested values, keys, errors and their causes are redacted', () => {
  const error = new Error('outer hunter22', { cause: new Error('inner hunter22') })
  const text = JSON.stringify(redactValue(vaultOf('hunter22'), { list: ['hunter22'], hunter22: 1, error, date: new Date(0) }))
  expect(text).not.toContain('hunter22')
  expect(text).toContain('inner ***')
  expect(text).toContain('1970-01-01T00:00:00.000Z')
})

test('a value that contains itself ends', () => {
  const loop: Record<string, unknown> = {}
  loop['self'] = loop
  expect(JSON.stringify(redactValue(vaultOf(), loop))).toContain('[Object]')
})

test('data is copied as deep as it is wanted', () => {
  const deep = JSON.parse(`${'['.repeat(40)}"hunter22"${']'.repeat(40)}`) as unknown
  expect(JSON.stringify(redactValue(vaultOf('hunter22'), deep, Infinity))).toBe(`${'['.repeat(40)}"***"${']'.repeat(40)}`)
})
