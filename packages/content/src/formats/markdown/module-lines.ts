/** How `import` and `export` of a module begin, which prose does not. */
const STATEMENT = /^(?:import\s+(?:type\s+)?(?:[\w$*{][^'"\n]{0,300}\sfrom\s+)?['"]|import\s+\{|export\s+(?:default|const|let|var|function|class|async|type|\{|\*))/
/** In plain Markdown only what can be nothing else. */
const IMPORT = /^import\s+(?:[\w$]+|\{[^{}\n]{0,300}\}|\*\s+as\s+\w+)\s+from\s+(?:'[^'\n]+'|"[^"\n]+");?\s*$/

/** Whether a paragraph of statements of a module begins at a line: MDX takes them out, up to the next blank line. */
export function isModuleLine(lines: readonly string[], at: number, mdx: boolean): boolean {
  const line = lines[at] as string
  if (!line.startsWith('import') && !line.startsWith('export')) return false
  if (at > 0 && (lines[at - 1] as string).trim() !== '') return false
  return mdx ? STATEMENT.test(line) : IMPORT.test(line)
}
