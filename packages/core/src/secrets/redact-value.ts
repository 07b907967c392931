import type { SecretVault } from './secret-vault.ts'

/** What is shown goes no deeper than this. */
const DEEPEST = 12

/**
 * A copy of plain data (and of errors in it) in which every string is redacted, keys included.
 *
 * @param deepest what lies deeper becomes the name of its type. Default: 12, which ends at data that contains itself too.
 */
export function redactValue(vault: Pick<SecretVault, 'redact'>, input: unknown, deepest: number = DEEPEST): unknown {
  if (typeof input === 'string') return vault.redact(input)
  if (typeof input !== 'object' || input === null) return input
  if (deepest < 0) return `[${Array.isArray(input) ? 'Array' : 'Object'}]`
  if (input instanceof Date) return input
  if (input instanceof Error) return redactValue(vault, plainError(input), deepest - 1)
  if (Array.isArray(input)) return input.map((item) => redactValue(vault, item, deepest - 1))
  return Object.fromEntries(Object.entries(input).map(([key, item]) => [vault.redact(key), redactValue(vault, item, deepest - 1)]))
}

function plainError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const code = (error as { code?: unknown }).code
  return { name, message, ...(code === undefined ? {} : { code }), stack, ...(cause === undefined ? {} : { cause }) }
}
