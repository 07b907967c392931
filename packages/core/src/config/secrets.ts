import { isSchema, isSecret, schemasAt } from './schema-nodes.ts'
import type { JsonSchema } from './schema-nodes.ts'

/** What stands in the place of a secret. */
export const REDACTED = '***'

// For keys of a connector whose schema is not at hand. `space_key` and `project_key` are no secrets.
const SECRET_NAME = /(^|_)(token|password|passwd|passphrase|secret|api_?key|private_key|access_key|credentials?)$/i
/** Shorter ones are not looked for inside words. */
const SHORT_SECRET = 6
const USER_INFO = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/@?#]+)@/gi

/**
 * The secrets in a value: what the JSON Schema marks `writeOnly`, and user names and passwords inside URLs. Without a
 * schema the keys' names decide.
 */
export function collectSecrets(value: unknown, schema: JsonSchema | undefined): ReadonlySet<string> {
  const secrets = new Set<string>()
  visit(value, schema, [], (text, secret) => {
    if (secret) secrets.add(text)
    for (const part of userInfoOf(text)) secrets.add(part)
    return text
  })
  secrets.delete('')
  return secrets
}

/** The value with {@link REDACTED} for each secret in it; decides as {@link collectSecrets} does. */
export function redactTree(value: unknown, schema: JsonSchema | undefined): unknown {
  return visit(value, schema, [], (text, secret) => (secret ? REDACTED : redactUrls(text)))
}

/** The text without these secrets, and without user names and passwords inside URLs. */
export function redact(text: string, secrets: Iterable<string>): string {
  let result = redactUrls(text)
  // The longest first, so that no part of one is left where another one is its beginning.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) result = withoutSecret(result, secret)
  return result
}

// A short secret is a part of ordinary words, so it counts only where it stands alone.
function withoutSecret(text: string, secret: string): string {
  if (secret.length >= SHORT_SECRET) return text.replaceAll(secret, REDACTED)
  const alone = new RegExp(`(?<![A-Za-z0-9])${secret.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9])`, 'g')
  return text.replace(alone, REDACTED)
}

function redactUrls(text: string): string {
  return text.replace(USER_INFO, (match: string, scheme: string, info: string) => (isLogin(scheme, info) ? match : `${scheme}${REDACTED}@`))
}

// `ssh://git@host` names a login that everybody shares.
function isLogin(scheme: string, info: string): boolean {
  return scheme.toLowerCase().includes('ssh') && !info.includes(':')
}

function userInfoOf(text: string): readonly string[] {
  return [...text.matchAll(USER_INFO)].flatMap(([, scheme = '', info = '']) => {
    if (isLogin(scheme, info)) return []
    const [user = '', ...rest] = info.split(':')
    const password = rest.join(':')
    const secret = password === '' ? user : password
    return [secret, decoded(secret)]
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign: then the text is not encoded, and stands for itself.
    return text
  }
}

function visit(
  value: unknown,
  schema: JsonSchema | undefined,
  path: readonly string[],
  leaf: (text: string, secret: boolean) => string,
  inherited = false,
): unknown {
  const secret = inherited || (schema === undefined ? SECRET_NAME.test(path.at(-1) ?? '') : isSecret(schemasAt(schema, path)))
  if (Array.isArray(value)) return value.map((item, index) => visit(item, schema, [...path, String(index)], leaf, secret))
  if (isSchema(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, schema, [...path, key], leaf, secret)]))
  }
  if (typeof value === 'string') return leaf(value, secret)
  return secret && value !== null && value !== undefined ? leaf(String(value), true) : value
}
