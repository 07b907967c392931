/** What became of one text. */
export interface Substitution {
  readonly text: string
  /** The variables it refers to, in order. */
  readonly names: readonly string[]
  /** True when the text is one reference and nothing else, so that its value may become a number or a boolean. */
  readonly whole: boolean
  /** What is wrong with it, in plain words; then `text` is of no use. */
  readonly failures: readonly { readonly code: 'config_variable_missing' | 'config_reference_invalid'; readonly message: string }[]
}

const TOKEN = /\$\$\{|\$\{([^}]*)(\})?/g
const REFERENCE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/

/**
 * Replaces `${NAME}` and `${NAME:-default}`; the default stands in for a variable that is unset or empty. `$${` is a
 * literal `${`. What a variable holds is not looked at again, so it cannot refer to another one.
 */
export function substitute(source: string, lookup: (name: string) => string | undefined): Substitution {
  const names: string[] = []
  const failures: { code: 'config_variable_missing' | 'config_reference_invalid'; message: string }[] = []
  let whole = false
  const text = source.replace(TOKEN, (token: string, inside: string | undefined, end: string | undefined) => {
    if (inside === undefined) return '${'
    const match = end === undefined ? null : REFERENCE.exec(inside)
    if (match === null || match[2]?.includes('${') === true) {
      failures.push({ code: 'config_reference_invalid', message: malformed(token) })
      return ''
    }
    const [, name = '', fallback] = match
    names.push(name)
    whole = token.length === source.length
    const value = lookup(name)
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value
    if (value === undefined) {
      failures.push({ code: 'config_variable_missing', message: `the environment variable ${name} is not set` })
    }
    return value ?? ''
  })
  return { text, names, whole, failures }
}

function malformed(token: string): string {
  const shown = token.length > 40 ? `${token.slice(0, 40)}…` : token
  return `${shown} is no reference; write \${NAME} or \${NAME:-default}, and $\${ for a literal \${`
}
