/**
 * The export conditions under which a connector is resolved: Node's own for `import`, and those that this process
 * was started with (`--conditions`, `-C`, also through NODE_OPTIONS), which import-meta-resolve does not know of.
 */
export function resolveConditions(execArgv: readonly string[], nodeOptions: string | undefined): Set<string> {
  const words = [...(nodeOptions ?? '').split(/\s+/), ...execArgv]
  const conditions = new Set(['node', 'import'])
  words.forEach((word, index) => {
    const match = /^(?:--conditions|-C)(?:=(.+))?$/.exec(word)
    const value = match?.[1] ?? (match === null ? undefined : words[index + 1])
    if (value !== undefined) conditions.add(value)
  })
  return conditions
}
