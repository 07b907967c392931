/** What stands where a secret was. */
export const REDACTED = '***'

/** Replaces secrets in whatever is printed or logged (I11). */
export interface Redactor {
  /** Secrets become known when the configuration was read; from then on they are replaced. */
  add(secrets: readonly string[]): void
  text(text: string): string
  /** A copy of plain data (and of errors in it) in which every string is redacted, keys included. */
  value(value: unknown): unknown
}

/** Below this many characters a secret is replaced only where it stands alone, so that `ab` does not eat every word. */
const SHORT = 4
/** Deeper than this no log field goes; what is below is printed as its type. */
const DEEPEST = 12

/** `ssh://git@host` names a login that everybody shares; any other name before a host may be a token. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)([^\s/?#@"'<>]+)@/gi

/** A redactor that knows no secret yet. User names and passwords inside URLs are always replaced. */
export function createRedactor(): Redactor {
  const forms = new Set<string>()
  let pattern: RegExp | undefined

  function text(input: string): string {
    const withoutUserInfo = input.replace(USER_INFO, (match: string, scheme: string, info: string) =>
      /ssh/i.test(scheme) && !info.includes(':') ? match : `${scheme}${REDACTED}@`,
    )
    return pattern === undefined ? withoutUserInfo : withoutUserInfo.replace(pattern, REDACTED)
  }

  function value(input: unknown, depth = 0): unknown {
    if (typeof input === 'string') return text(input)
    if (typeof input !== 'object' || input === null) return input
    if (depth > DEEPEST) return `[${Array.isArray(input) ? 'Array' : 'Object'}]`
    if (input instanceof Date) return input
    if (input instanceof Error) return value(plainError(input), depth + 1)
    if (Array.isArray(input)) return input.map((item) => value(item, depth + 1))
    return Object.fromEntries(Object.entries(input).map(([key, item]) => [text(key), value(item, depth + 1)]))
  }

  return {
    add(secrets) {
      for (const secret of secrets) for (const form of formsOf(secret)) forms.add(form)
      // Longest first: a secret that contains another must go as a whole.
      const sorted = [...forms].toSorted((a, b) => b.length - a.length)
      pattern = sorted.length === 0 ? undefined : new RegExp(sorted.map(expression).join('|'), 'gu')
    },
    text,
    value: (input) => value(input),
  }
}

/** The secret as it is, and as it looks inside JSON, a URL and a basic-authentication header. */
function formsOf(secret: string): string[] {
  const trimmed = secret.trim()
  if (trimmed === '') return []
  const bytes = Buffer.from(trimmed)
  const forms = [trimmed, JSON.stringify(trimmed).slice(1, -1), encodeURIComponent(trimmed)]
  // The base64 of a short text is a common word.
  return trimmed.length < SHORT * 2 ? forms : [...forms, bytes.toString('base64'), bytes.toString('base64url')]
}

function expression(form: string): string {
  const literal = form.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  return form.length < SHORT ? String.raw`(?<![\p{L}\p{N}])${literal}(?![\p{L}\p{N}])` : literal
}

function plainError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const code = (error as { code?: unknown }).code
  return { name, message, ...(code === undefined ? {} : { code }), stack, ...(cause === undefined ? {} : { cause }) }
}
