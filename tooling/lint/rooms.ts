import { posix } from 'node:path'

// A plugin for oxlint: which way imports run between the folders of a folder. Each line lists rooms that do not know
// each other; a room imports what stands on the lines before its own. `.` stands for the files beside the rooms,
// but for index.ts, which passes on what others outside may use, and which nothing inside imports. A file beside the rooms
// may have a place of its own; where `.` has none, the others beside them stand on what they like, and so does all on them.

/** What a connector shows the host stands on everything else in its package. */
const FACE = [['content-reader.ts', 'presence.ts'], ['change-detector.ts'], ['plugin.ts']] as const

/** From the ground up. */
export const ROOMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'apps/cli/src': [
    ['output'],
    ['connectors', 'failure'],
    ['embedders', 'progress'],
    ['report'],
    ['command-line'],
    ['composition'],
    ['doctor'],
    ['commands'],
    ['commands.ts'],
  ],
  'packages/core/src': [
    ['.'],
    ['chunking', 'files', 'performance', 'secrets'],
    ['sqlite'],
    ['embedding', 'state', 'store'],
    ['config', 'pipeline'],
    ['rehearsal'],
  ],
  'packages/core/src/pipeline': [['identity'], ['context'], ['stages'], ['deletions', 'recovery'], ['run'], ['.'], ['removal', 'verify']],
  'packages/core/src/store': [['.'], ['embedded', 'qdrant'], ['rehearsal']],
  'packages/connector-git/src': [['git'], ['remote', 'tree'], ['repository'], ['passes'], ...FACE],
  'packages/connector-confluence/src': [['site'], ['spaces'], ['api'], ['text'], ['passes'], ...FACE],
  'packages/connector-jira/src': [['api'], ['names'], ['text'], ['source'], ['passes'], ...FACE],
  'packages/connector-public-docs/src': [['page'], ['site'], ['sitemap'], ['crawl'], ...FACE],
}

/** Why `file` may not import `imported` (both from the root of the repository), or undefined: it may. */
export function againstTheOrder(file: string, imported: string): string | undefined {
  for (const [folder, lines] of Object.entries(ROOMS)) {
    const [from, to] = [roomOf(file, folder, lines), roomOf(imported, folder, lines)]
    if (from === undefined || to === undefined || from === 'index.ts') continue
    if (to === 'index.ts') return `${folder}/index.ts is for others: import the file that makes it.`
    const [own, its] = [from, to].map((room) => lines.findIndex((rooms) => rooms.includes(room)))
    if ((from === '.' && own === -1) || (to === '.' && its === -1)) continue
    const stranger = own === -1 ? from : its === -1 ? to : undefined
    if (stranger !== undefined) return `${folder}/${stranger} has no place in tooling/lint/rooms.ts: give it one.`
    if (from !== to && Number(its) >= Number(own)) return `In ${folder}, ${named(from)} may not import ${named(to)}: the order is in tooling/lint/rooms.ts.`
  }
  return undefined
}

function named(room: string): string {
  return room === '.' ? 'a file beside the rooms' : room
}

/** Where in a folder a file stands: a room, a file with a place of its own, or `.`; undefined when it is not in the folder. */
function roomOf(path: string, folder: string, lines: readonly (readonly string[])[]): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined
  const [first = '', ...more] = path.slice(folder.length + 1).split('/')
  return more.length > 0 || first === 'index.ts' || lines.some((rooms) => rooms.includes(first)) ? first : '.'
}

interface Context {
  readonly filename: string
  report(problem: { readonly node: unknown; readonly message: string }): void
}

interface ImportNode {
  readonly source?: { readonly type?: string; readonly value?: unknown } | null
}

const rule = {
  meta: { type: 'problem' as const, schema: [] },
  create(context: Context) {
    const path = context.filename.replaceAll('\\', '/')
    const file = path.slice(Math.max(path.lastIndexOf('/packages/'), path.lastIndexOf('/apps/')) + 1)
    const check = (node: ImportNode): void => {
      const imported = node.source?.value
      if (typeof imported !== 'string' || !imported.startsWith('.')) return
      const message = againstTheOrder(file, posix.join(posix.dirname(file), imported))
      if (message !== undefined) context.report({ node, message })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    }
  },
}

export default { meta: { name: 'rooms' }, rules: { order: rule } }
