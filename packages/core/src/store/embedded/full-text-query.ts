const MAX_WORDS = 64

/**
 * The FTS5 query for what a user typed: any of the words, each as a quoted string. Quoted, nothing in the text is
 * syntax: `AND`, `NEAR(`, `title:`, `*` and `"` are searched for, not obeyed
 * (https://www.sqlite.org/fts5.html#fts5_strings). Undefined when there is nothing to search for.
 */
export function fullTextQuery(text: string): string | undefined {
  // SQLite ends the query at a NUL.
  const words = text.split(/[\s\0]+/u).filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word))
  const terms = [...new Set(words)].slice(0, MAX_WORDS).map((word) => `"${word.replaceAll('"', '""')}"`)
  return terms.length === 0 ? undefined : terms.join(' OR ')
}
