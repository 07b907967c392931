import { printableLines } from '../output/printable.ts'
import type { KnownFailure } from './known-failure.ts'

/** The message for a person: what happened, and what to do. With `error`, also its stack and those of its causes. */
export function renderFailure(failure: KnownFailure, error?: unknown): string {
  const lines = [`Error: ${failure.message}`, `To fix it: ${failure.hint}`, `(${failure.code})`]
  // A message may name a file, and a file may have any name.
  return printableLines(`${[...lines, ...stacks(error)].join('\n')}\n`)
}

/** Stacks of an error and its causes, outermost first. Ends at a cause that was seen before. */
function stacks(error: unknown): string[] {
  const seen = new Set<unknown>()
  const lines: string[] = []
  for (let current = error; current !== undefined && !seen.has(current); ) {
    seen.add(current)
    const text = current instanceof Error ? (current.stack ?? String(current)) : String(current)
    lines.push(seen.size === 1 ? text : `Caused by: ${text}`)
    current = current instanceof Error ? current.cause : undefined
  }
  return lines
}
