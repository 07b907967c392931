import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { markdownTable } from './docs/markdown-table.ts'

// `pnpm run structure`: how the house is built, in numbers: for each package its files, lines and folders, the imports
// from folder to folder, how many of them run backwards, and the circles of files. Of two folders that import each
// other, the rarer way is the backward one; files beside the folders are ground or roof, and may do both. Types count
// as what is run does. Another checkout: `pnpm run structure PATH`.

const IMPORT = /^(?:import|export)\b[^'"]*?\bfrom\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm
/** Folders of sources that are a room of their own although they are in another. */
const ROOMY = ['packages/core/src/pipeline', 'packages/core/src/store']

/** One folder of sources. */
export interface Figures {
  readonly files: number
  readonly lines: number
  /** Lines of the longest file. */
  readonly longest: number
  readonly folders: number
  /** Imports from folder to folder. */
  readonly between: number
  readonly backwards: number
  /** Groups of files each of which leads to all the others. */
  readonly circles: number
}

/** The sources of every package, and some rooms, of a checkout. */
export function structureOf(root: string): ReadonlyMap<string, Figures> {
  const files = execFileSync('git', ['ls-files', 'packages/*/src/*', 'apps/*/src/*'], { cwd: root, encoding: 'utf8' }).split('\n')
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && existsSync(join(root, file)))
  const packages = Map.groupBy(sources, (file) => file.slice(0, file.indexOf('/src/') + 4))
  for (const room of ROOMY) packages.set(room, sources.filter((file) => file.startsWith(`${room}/`)))
  return new Map([...packages].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([folder, inside]) => [folder, figuresOf(root, folder, inside)]))
}

function figuresOf(root: string, folder: string, files: readonly string[]): Figures {
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
  const lines = [...texts.values()].map((text) => text.split('\n').length - 1)
  const imports = [...texts].flatMap(([file, text]) => importsOf(file, text).filter((imported) => texts.has(imported)).map((imported) => [file, imported] as const))
  const across = imports.map(([from, to]) => [roomOf(from, folder), roomOf(to, folder)] as const).filter(([from, to]) => from !== to)
  return {
    files: files.length,
    lines: lines.reduce((sum, count) => sum + count, 0),
    longest: Math.max(...lines),
    folders: new Set(files.map((file) => dirname(file))).size,
    between: across.length,
    backwards: backwards(across),
    circles: circles(imports),
  }
}

function importsOf(file: string, text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, one, other, inside]) => posix.join(dirname(file), one ?? other ?? inside ?? ''))
}

/** The folder below `folder` that a file is in; `.` for those directly in it, which are the ground or the roof. */
function roomOf(file: string, folder: string): string {
  const [first = '', ...more] = file.slice(folder.length + 1).split('/')
  return more.length > 0 ? first : first === 'index.ts' ? 'index.ts' : '.'
}

function backwards(across: readonly (readonly [string, string])[]): number {
  const counts = new Map<string, number>()
  for (const [from, to] of across) counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + 1)
  return [...counts].reduce((sum, [pair, count]) => {
    const [from = '', to = ''] = pair.split(' ')
    const other = counts.get(`${to} ${from}`) ?? 0
    return sum + (from < to && from !== '.' && to !== '.' ? Math.min(count, other) : 0)
  }, 0)
}

function circles(imports: readonly (readonly [string, string])[]): number {
  const next = Map.groupBy(imports, ([from]) => from)
  const reach = new Map([...next.keys()].map((file) => [file, reachedFrom(file, next)]))
  const groups = [...reach].filter(([file, reached]) => reached.has(file)).map(([file, reached]) => [...reached].filter((other) => reach.get(other)?.has(file)).toSorted().join('\n'))
  return new Set(groups).size
}

function reachedFrom(start: string, next: ReadonlyMap<string, readonly (readonly [string, string])[]>): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting = [start]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const [, to] of next.get(file) ?? []) {
      if (reached.has(to)) continue
      reached.add(to)
      waiting.push(to)
    }
  }
  return reached
}

if (import.meta.main) {
  const rows = [...structureOf(process.argv[2] ?? join(import.meta.dirname, '..', '..'))].map(([folder, figures]) => [folder, ...Object.values(figures).map(String)])
  process.stdout.write(`${markdownTable(['folder', 'files', 'lines', 'longest', 'folders', 'imports between them', 'backwards', 'circles'], rows)}\n`)
}
