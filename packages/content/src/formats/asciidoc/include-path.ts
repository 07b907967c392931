const FAMILIES: Readonly<Record<string, string>> = { partial: 'partials', example: 'examples', page: 'pages', attachment: 'attachments', image: 'images' }
/** `partial$name.adoc`, `module:example$name.rb` of Antora. */
const RESOURCE = /^(?:([\w-]{1,80}):)?(partial|example|page|attachment|image)\$(.+)$/
const MODULE = /^(.*\/)?modules\/([^/]+)\//

/**
 * Path inside the source of what a text includes; undefined for what is outside of it, or no path at all.
 *
 * @param from path of the file that includes, with `/`
 */
export function includePath(from: string, target: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|[/\\]|[a-z]:[/\\])/i.test(target) || target.includes('{')) return undefined
  const resource = RESOURCE.exec(target)
  if (resource === null) return resolved(from.slice(0, from.lastIndexOf('/') + 1) + target)
  const [, module, family = '', rest = ''] = resource
  const [, root = '', own = ''] = MODULE.exec(from) ?? []
  return own === '' ? undefined : resolved(`${root}modules/${module ?? own}/${FAMILIES[family] ?? ''}/${rest}`)
}

/** Without `.` and `..`; undefined for what is above the root. */
function resolved(path: string): string | undefined {
  const parts: string[] = []
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined
    } else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.length === 0 ? undefined : parts.join('/')
}
