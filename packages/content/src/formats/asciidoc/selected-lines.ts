const TAG = /\b(tag|end)::([^\s[\]]{1,100})\[\]/

/**
 * The lines of a file that an include asks for: `lines="1..3;7"`, `tag=name`, `tags=a;b`. Lines that begin and end
 * regions are left out.
 */
export function selectedLines(text: string, attributes: Readonly<Record<string, unknown>>): string {
  const lines = text.split('\n')
  const ranges = words(attributes['lines'])
  if (ranges.length > 0) return pick(lines, ranges).join('\n')
  const tags = [...words(attributes['tags']), ...words(attributes['tag'])]
  const wanted = new Set(tags.filter((tag) => !tag.startsWith('!')))
  const isAll = wanted.size === 0 || wanted.has('*') || wanted.has('**')
  const unwanted = new Set(tags.filter((tag) => tag.startsWith('!')).map((tag) => tag.slice(1)))
  const open: string[] = []
  const kept: string[] = []
  for (const line of lines) {
    const [, edge, name = ''] = TAG.exec(line) ?? []
    if (edge === 'tag') open.push(name)
    else if (edge === 'end') open.splice(Math.max(0, open.lastIndexOf(name)), open.includes(name) ? 1 : 0)
    else if ((isAll || open.some((tag) => wanted.has(tag))) && !open.some((tag) => unwanted.has(tag))) kept.push(line)
  }
  return kept.join('\n')
}

function words(value: unknown): string[] {
  return typeof value === 'string' ? value.split(/[;,]/).map((word) => word.trim()).filter((word) => word !== '') : []
}

function pick(lines: readonly string[], ranges: readonly string[]): string[] {
  return ranges.flatMap((range) => {
    const [from = '', to = from] = range.split('..')
    const end = to === '' || to === '-1' ? lines.length : Number(to)
    return lines.slice(Math.max(0, Number(from) - 1), end)
  })
}
