import { describe, expect, it } from 'vitest'
import { repeated, slowOnes } from '@qdrant-loader/testing/growth'
import { secretForms } from './secret-forms.ts'
import { SecretVault } from './secret-vault.ts'
import { urlSecrets } from './url-secrets.ts'

const TOKEN = 'Zq9!x/T+4 "k&<v>=~7mW2_ü-pLe8'
const LONG_TOKEN = 'ghp_0123456789abcdefghij0123456789abcdef'
const EMAIL = 'jane.doe@example.com'

function vaultOf(...secrets: string[]): SecretVault {
  return new SecretVault(secrets.map((value) => ({ value })))
}

/** The stretches of a form that must not be seen: every 8 characters of it. */
function partsOf(form: string): string[] {
  return Array.from({ length: Math.max(0, form.length - 7) }, (_, at) => form.slice(at, at + 8))
}

function expectHidden(shown: string, form: string): void {
  expect(shown).toContain('***')
  for (const part of partsOf(form)) expect(shown).not.toContain(part)
}

describe('every form of a secret', () => {
  const latin = TOKEN.replace('ü', 'u')
  const forms: readonly [name: string, form: string][] = [
    ['as it is', TOKEN],
    ['JSON', JSON.stringify(TOKEN).slice(1, -1)],
    ['JSON inside of JSON', JSON.stringify(JSON.stringify(TOKEN)).slice(3, -3)],
    ['JSON with escaped slashes', JSON.stringify(TOKEN).slice(1, -1).replaceAll('/', String.raw`\/`)],
    ['a URL', encodeURIComponent(TOKEN)],
    ['a URL in lower case', encodeURIComponent(TOKEN).replace(/%../g, (escape) => escape.toLowerCase())],
    ['a form', new URLSearchParams({ q: TOKEN }).toString().slice(2)],
    ['a URL inside of a URL', encodeURIComponent(encodeURIComponent(TOKEN))],
    ['HTML', TOKEN.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')],
    ['HTML with numbers', TOKEN.replaceAll('&', '&#38;').replaceAll('<', '&#60;').replaceAll('>', '&#62;').replaceAll('"', '&#34;')],
    ['hexadecimal', Buffer.from(TOKEN).toString('hex')],
    ['base64', Buffer.from(TOKEN).toString('base64')],
    ['base64url', Buffer.from(TOKEN).toString('base64url')],
    ['basic authentication', Buffer.from(`${EMAIL}:${TOKEN}`).toString('base64')],
    ['basic authentication in a URL', encodeURIComponent(Buffer.from(`${EMAIL}:${TOKEN}`).toString('base64'))],
    ['basic authentication of git', Buffer.from(`x-access-token:${TOKEN}`).toString('base64')],
    ['basic authentication with a name that nobody configured', Buffer.from(`somebody:${latin}`).toString('base64')],
    ...[1, 2, 3, 4, 5].map((before): [string, string] => [
      `base64 after ${before} other bytes`,
      Buffer.from(`${'.'.repeat(before)}${TOKEN}${'.'.repeat(before)}`).toString('base64'),
    ]),
  ]
  const vault = new SecretVault([{ value: TOKEN, users: [EMAIL] }, { value: latin }])

  it.each(forms)('J2: %s is found whole, and nothing around it is lost', (_, form) => {
    const shown = vault.redact(`before (${form}) after`)
    expectHidden(shown, form)
    expect(shown).toMatch(/^before \(.*\*\*\*.*\) after$/)
  })

  it.each(forms.filter(([name]) => !/other bytes|nobody/.test(name)))('J2: %s is found wherever it was cut, at its end or its beginning', (_, form) => {
    for (let length = 8; length < form.length; length += 1) {
      expectHidden(vault.redact(`"${form.slice(0, length)}…`), form.slice(0, length))
      expectHidden(vault.redact(`…${form.slice(-length)}"`), form.slice(-length))
    }
  })

  it('J2: a line break inside of base64 hides nothing', () => {
    const lines = Buffer.from(`${EMAIL}:${TOKEN}`).toString('base64').replace(/.{24}/g, '$&\r\n')
    for (const line of lines.split('\r\n')) if (line.length >= 8) expect(vault.redact(lines)).not.toContain(line.slice(0, 8))
  })
})

describe('what stays', () => {
  it('a text without a secret is the same text', () => {
    const text = 'https://host/wiki/pages/1234567890?x=%20 answered 500: {"a":"bcdefghijklmnop"} ssh://git@host/a.git me@example.com'
    expect(vaultOf(TOKEN).redact(text)).toBe(text)
  })

  it('a short secret counts where it stands alone, a longer one also inside of a word', () => {
    expect(vaultOf('k', 'ab').redact('key k, (k), ak and about (ab)')).toBe('key ***, (***), ak and about (***)')
    expect(vaultOf('hunter').redact('hunter, hunters')).toBe('***, ***s')
  })

  it('the user name of a short password is hidden with it in base64', () => {
    const vault = new SecretVault([{ value: 'pw', users: ['me'] }])
    expect(vault.redact(`Basic ${Buffer.from('me:pw').toString('base64')}`)).toBe('Basic ***')
  })

  it('empty secrets are nothing', () => {
    expect(vaultOf('', '  ').redact('as it was')).toBe('as it was')
    expect(secretForms({ value: ' ' })).toEqual({ written: [], base64: [] })
  })
})

it('a text holds a secret when all of it is there, in any form, and the secret is no ordinary word', () => {
  const vault = new SecretVault([{ value: TOKEN, users: [EMAIL] }, { value: 'simulated-token' }, { value: 'short-4711' }, { value: 'abc-def-0815-x' }])
  for (const form of [TOKEN, encodeURIComponent(TOKEN), Buffer.from(`${EMAIL}:${TOKEN}`).toString('base64'), 'abc-def-0815-x']) {
    expect(vault.holds(`so: ${form}.`), form).toBe(true)
  }
  for (const text of [TOKEN.slice(0, -1), TOKEN.slice(1), 'simulated-token', 'short-4711', Buffer.from(EMAIL).toString('base64'), '']) {
    expect(vault.holds(`so: ${text}.`), text).toBe(false)
  }
})

it('J2: a user name without a password hides a token, and no document that speaks of somebody', () => {
  const azure = 'https://contoso-engineering2@dev.azure.com/contoso-engineering2/handbook/_git/docs'
  expect([azure, 'https://git@host/x.git'].flatMap(urlSecrets)).toEqual([])
  const vault = new SecretVault(['https://john.smith1234@bitbucket.org/team/repo.git', `https://${LONG_TOKEN}@host/x.git`].flatMap(urlSecrets))
  expect(vault.redact(`john.smith1234 sent ${LONG_TOKEN}`)).toBe('*** sent ***')
  expect(vault.holds('ask john.smith1234')).toBe(false)
  expect(vault.holds(`it is ${LONG_TOKEN}`)).toBe(true)
  expect(new SecretVault(urlSecrets(`https://${LONG_TOKEN}:x-oauth-basic@host/x.git`)).redact(`x-oauth-basic ${LONG_TOKEN}`)).toBe('x-oauth-basic ***')
})

it('secrets that overlap or contain each other go as one', () => {
  expect(vaultOf('token', 'token-long', 'abcdef', 'abcdefgh').redact('token-long token abcdef abcdefgh')).toBe('*** *** *** ***')
})

it('a user name and password inside a URL are replaced without being known', () => {
  const { redact } = new SecretVault()
  expect(redact('from https://me:pw@h/x and ssh://git@h/y, http://tok@h')).toBe('from https://***@h/x and ssh://git@h/y, http://***@h')
  expect(redact('ssh://me:pw@h and https://me:p@w@h:80')).toBe('ssh://***@h and https://***@h:80')
})

it('J2: the time is linear in the text, whatever the text and though there are thousands of secrets', () => {
  const vault = new SecretVault(Array.from({ length: 3_000 }, (_, at) => ({ value: `secret-number-${at}-${'x'.repeat(20)}` })))
  const parts = ['a://', '://', 'a.', '@', 'x', '/', 'secret-number-', 'QUJD', '%2f', 'https://a:b@', ' ', 'u:p@']
  expect(slowOnes(vault.redact, parts.map((part) => repeated(part, part)))).toEqual([])
})
