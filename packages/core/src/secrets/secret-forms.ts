/** A secret as it was configured, and the names that are sent together with it. */
export interface Secret {
  readonly value: string
  /** User names or e-mail addresses: `user:secret` in base64 is what basic authentication sends. */
  readonly users?: readonly string[]
  /** It may be the name of somebody, which documents may hold. Default: false. */
  readonly mayBeName?: boolean
}

/** What a secret may look like in the words of a server. */
export interface SecretForms {
  /** The secret itself, and escaped for JSON, HTML and URLs, and in hexadecimal. */
  readonly written: readonly string[]
  /** Base64, at each of the three places where it may begin inside a longer one. */
  readonly base64: readonly string[]
}

/** Git hosts take a token as the password of one of these. */
export const CUSTOMARY_USERS: readonly string[] = ['', 'git', 'oauth2', 'token', 'user', 'x-access-token', 'x-token-auth']
/** The secret alone is enough to find the rest of a longer one. */
const BESIDE_USER = 8

/** Every form of a secret; none twice. */
export function secretForms({ value, users = [] }: Secret): SecretForms {
  const secret = value.trim()
  if (secret === '') return { written: [], base64: [] }
  const pairs = [...CUSTOMARY_USERS, ...users].map((user) => `${user}:${secret.slice(0, BESIDE_USER)}`)
  const asUser = secret.length < BESIDE_USER ? [`${secret}:`, `${secret}:x-oauth-basic`] : []
  const base64 = [secret, ...pairs, ...asUser].flatMap(base64Forms)
  return {
    written: [...new Set([...written(secret), value])],
    base64: [...new Set([...base64, ...base64.map(encodeURIComponent)])],
  }
}

function written(secret: string): readonly string[] {
  const json = jsonForms(secret)
  const url = urlForms(secret)
  // Of a shorter one, it is a number like any other.
  const hex = secret.length < 4 ? secret : Buffer.from(secret).toString('hex')
  // Twice: an answer in JSON that quotes one, a redirect target inside of an address.
  return [secret, ...json, ...json.flatMap(jsonForms), ...url, ...url.flatMap(urlForms), ...htmlForms(secret), hex, hex.toUpperCase()]
}

function jsonForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const slashes = json.replaceAll('/', String.raw`\/`)
  // As servers write it that let nothing pass but plain letters, or nothing that HTML knows.
  const ascii = (pattern: RegExp): string => json.replace(pattern, (character) => unicodeEscape(character))
  const careful = [ascii(/[^ -~]/g), ascii(/[^ -~]|[<>&'+=]/g)]
  return [json, slashes, ...careful, ...careful.map((form) => form.replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`))]
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function urlForms(text: string): readonly string[] {
  // A lone half of a character has no UTF-8; it is sent as U+FFFD.
  const component = encodeURIComponent(text.toWellFormed())
  const strict = component.replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  const lenient = encodeURI(text.toWellFormed())
  const upper = [component, strict, lenient]
  const all = [...upper, ...upper.map((form) => form.replaceAll('%20', '+'))]
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))]
}

const ENTITIES: readonly (readonly [character: string, ...entities: string[]])[] = [
  ['&', '&amp;', '&#38;', '&#x26;'],
  ['<', '&lt;', '&#60;', '&#x3c;', '&#x3C;'],
  ['>', '&gt;', '&#62;', '&#x3e;', '&#x3E;'],
  ['"', '&quot;', '&#34;', '&#x22;'],
  ["'", '&#39;', '&#x27;', '&apos;', '&#039;'],
  ['/', '/', '&#x2F;', '&#47;', '&#x2f;'],
  ['=', '=', '&#x3D;', '&#61;', '&#x3d;'],
  ['`', '`', '&#x60;', '&#96;'],
  ['+', '+', '&#43;', '&#x2B;', '&#x2b;'],
]

/** One form for each way in which servers write these characters; a mixture of ways is met by its parts. */
function htmlForms(text: string): readonly string[] {
  const ways = Math.max(...ENTITIES.map((entities) => entities.length)) - 1
  return Array.from({ length: ways }, (_, way) => {
    const entityOf = new Map(ENTITIES.map(([character, ...entities]) => [character, entities[way] ?? entities[0] ?? character]))
    return [...text].map((character) => entityOf.get(character) ?? character).join('')
  })
}

/** The characters that this text alone decides, for each number of bytes before it, in both alphabets. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const encoded = padded.replace(/(?<!=)=+$/, '')
    const complete = (before + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1
    const decided = encoded.slice(Math.ceil((before * 8) / 6), complete)
    const whole = before === 0 ? [encoded, padded] : []
    const forms = [decided, ...whole]
    return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]
  })
}
