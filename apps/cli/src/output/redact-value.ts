import type { SecretVault } from '@qdrant-loader/core/secrets'

/** Deeper than this no log field goes; what is below is printed as its type. */
const DEEPEST = 12

/** A copy of plain data (and of errors in it) in which every string is redacted, keys included. */
export function redactValue(vault: Pick<SecretVault, 'redact'>, input: unknown, depth = 0): unknown {
  if (typeof input === 'string') return vault.redact(input)
  if (typeof input !== 'object' || input === null) return input
  if (depth > DEEPEST) return `[${Array.isArray(input) ? 'Array' : 'Object'}]`
  if (input instanceof Date) return input
  if (input instanceof Error) return redactValue(vault, plainError(input), depth + 1)
  if (Array.isArray(input)) return input.map((item) => redactValue(vault, item, depth + 1))
  return Object.fromEntries(Object.entries(input).map(([key, item]) => [vault.redact(key), redactValue(vault, item, depth + 1)]))
}

function plainError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const code = (error as { code?: unknown }).code
  return { name, message, ...(code === undefined ? {} : { code }), stack, ...(cause === undefined ? {} : { cause }) }
}
