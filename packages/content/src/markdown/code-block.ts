import type { Code } from 'mdast'

const NO_LANGUAGE = new Set(['', 'none', 'text', 'plain', 'plaintext', 'plain text'])

/** A code block, without the empty lines around the code. `undefined` when there is no code. */
export function codeBlock(source: string, language: string): Code | undefined {
  const value = source.replace(/\r\n?/g, '\n').replace(/^(?:[ \t]*\n)+/, '').trimEnd()
  if (value === '') return undefined
  const name = language.trim().toLowerCase()
  return { type: 'code', lang: NO_LANGUAGE.has(name) ? null : name.replace(/[\s`~]+/g, '-'), value }
}
