import { isSchema, isSecret, schemasAt } from './schema-nodes.ts'
import type { JsonSchema } from './schema-nodes.ts'
import type { Secret } from '../secrets/secret-forms.ts'
import { REDACTED, SecretVault } from '../secrets/secret-vault.ts'
import { secretParameters, urlSecrets } from '../secrets/url-secrets.ts'

// For keys of a connector whose schema is not at hand. `space_key` and `project_key` are no secrets.
const SECRET_NAME = /(^|_)(token|password|passwd|passphrase|secret|api_?key|private_key|access_key|credentials?)$/i
/** Keys whose values are sent together with a secret beside them. */
const USER_NAME = /(^|_)(e_?mail|user|user_?name|login|client_id)$/i
/** What follows an equals sign in a token is its end. */
const SHORTEST_COOKIE = 8
/** More user names than this beside one secret are a list of something. */
const MOST_USERS = 8
/** Headers that hold no secret, whatever is marked around them: what they say (`text/html`, a contact's URL) is everywhere. */
const OPEN_HEADER = /^(?:accept(?:-.*)?|user-agent|content-type|cache-control|pragma|dnt)$/i
/** What a header says before the secret: `Bearer …`. */
const HEADER_SCHEME = /^(?:bearer|basic|token|apikey|api-key|negotiate|digest|key)\s+(\S.*)$/i

const PLAIN = new SecretVault()

/**
 * The secrets in a value: what the JSON Schema marks `writeOnly`, and user names, passwords and keys inside URLs.
 * Without a schema the keys' names decide.
 */
export function collectSecrets(value: unknown, schema: JsonSchema | undefined): readonly Secret[] {
  const found = new Map<string, { readonly users: Set<string>; readonly mayBeName: boolean }>()
  const add = ({ value: secret, users = [], mayBeName = false }: Secret): void => {
    if (secret === '') return
    const known = found.get(secret)
    found.set(secret, { users: new Set([...(known?.users ?? []), ...users.slice(0, MOST_USERS)]), mayBeName: mayBeName && known?.mayBeName !== false })
  }
  visit(value, schema, [], (text, secret, users) => {
    if (secret) for (const part of partsOfHeader(text)) add({ value: part, users })
    for (const part of urlSecrets(text)) add(part)
    return text
  })
  return [...found].map(([secret, { users, mayBeName }]) => ({ value: secret, users: [...users], ...(mayBeName && { mayBeName }) }))
}

/** The value with {@link REDACTED} for each secret in it; decides as {@link collectSecrets} does. */
export function redactTree(value: unknown, schema: JsonSchema | undefined): unknown {
  return visit(value, schema, [], (text, secret) => (secret ? REDACTED : withoutUrlSecrets(text)))
}

function withoutUrlSecrets(text: string): string {
  const parameters = secretParameters(text)
  return parameters.length === 0 ? PLAIN.redact(text) : new SecretVault(parameters.map((value) => ({ value }))).redact(text)
}

/**
 * A header's value as configured: the secret is what follows the scheme, in `Basic …` also what is encoded there, and in
 * cookies each value.
 */
function partsOfHeader(text: string): readonly string[] {
  const after = HEADER_SCHEME.exec(text)?.[1]
  if (after === undefined) return [text, ...cookieValues(text)]
  const pair = /^basic/i.test(text) ? Buffer.from(after, 'base64').toString() : ''
  const colon = pair.indexOf(':')
  return colon === -1 || pair.includes('\uFFFD') ? [after] : [after, pair.slice(colon + 1)]
}

type Leaf = (text: string, secret: boolean, users: readonly string[]) => string

function cookieValues(text: string): readonly string[] {
  const values = text.split(';').map((cookie) => cookie.slice(cookie.indexOf('=') + 1).trim())
  return text.includes('=') ? values.filter((value) => value.length >= SHORTEST_COOKIE && value !== text) : []
}

function visit(
  value: unknown,
  schema: JsonSchema | undefined,
  path: readonly string[],
  leaf: Leaf,
  inherited: { readonly secret: boolean; readonly users: readonly string[] } = { secret: false, users: [] },
): unknown {
  const isOpen = path.at(-2) === 'headers' && OPEN_HEADER.test(path.at(-1) ?? '')
  const secret = !isOpen && (inherited.secret || (schema === undefined ? SECRET_NAME.test(path.at(-1) ?? '') : isSecret(schemasAt(schema, path))))
  if (Array.isArray(value)) {
    return value.map((item, index) => visit(item, schema, [...path, String(index)], leaf, { ...inherited, secret }))
  }
  if (isSchema(value)) {
    const users = [...usersOf(value), ...inherited.users].slice(0, MOST_USERS)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, schema, [...path, key], leaf, { secret, users })]))
  }
  if (typeof value === 'string') return leaf(value, secret, inherited.users)
  return secret && value !== null && value !== undefined ? leaf(String(value), true, inherited.users) : value
}

function usersOf(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(value).flatMap(([key, item]) => (USER_NAME.test(key) && typeof item === 'string' ? [item] : []))
}
