import { scopeOf } from '../site/head.ts'

/** The configured keys that are not among the readable ones. */
export function unreadable(configured: readonly string[], readable: readonly string[]): readonly string[] {
  const seen = new Set(readable.map(scopeOf))
  return configured.filter((key) => !seen.has(scopeOf(key)))
}
