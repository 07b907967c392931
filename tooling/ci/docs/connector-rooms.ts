import { globSync } from 'node:fs'
import { join } from 'node:path'
import { readText, ROOT } from './markdown-pages.ts'

/** A connector's room: the names of the files and folders at the top of its `src`, folders with a slash. */
export type Room = ReadonlySet<string>

const HEADING = "## A connector's room"

/** The rooms as CONTRIBUTING.md describes them, by the names of their columns; and the longer paths in their cells. */
export function describedRooms(): { readonly rooms: ReadonlyMap<string, Room>; readonly paths: ReadonlyMap<string, readonly string[]> } {
  const page = readText('CONTRIBUTING.md') ?? ''
  const section = page.slice(page.indexOf(HEADING) + HEADING.length).split('\n## ', 1).join()
  const [files, folders] = tablesIn(section)
  if (files === undefined || folders === undefined) throw new Error(`CONTRIBUTING.md has no two tables below "${HEADING}"`)
  const rooms = new Map<string, Set<string>>()
  const paths = new Map<string, string[]>()
  const columnsOf = ({ head }: Table): readonly string[] => head.slice(head.indexOf('git'))
  for (const [table, name] of [[files, 'file'], [folders, 'folder']] as const) {
    const columns = columnsOf(table)
    for (const row of table.rows) {
      const cells = row.slice(-columns.length)
      for (const [at, column] of columns.entries()) {
        const cell = cells[at] ?? ''
        const quoted = [...cell.matchAll(/`([\w./-]+)`/g)].map(([, path = '']) => path)
        const room = rooms.get(column) ?? new Set()
        rooms.set(column, room)
        paths.set(column, [...(paths.get(column) ?? []), ...quoted.filter((path) => path.includes('/'))])
        if (cell.startsWith('–')) continue
        if (name === 'file') room.add((row[0] ?? '').replaceAll('`', ''))
        else for (const path of quoted) if (/^[^/]+\/$/.test(path)) room.add(path)
      }
    }
  }
  return { rooms, paths }
}

/** The room of a connector as it is. Tests beside the sources are not part of it. */
export function roomIn(source: string): Room {
  const entries = globSync('*', { cwd: join(ROOT, source), withFileTypes: true })
  return new Set(entries.filter(({ name }) => !name.endsWith('.test.ts')).map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)))
}

/** What differs, a line each; nothing where the description fits. */
export function differences(described: Room, found: Room): readonly string[] {
  return [
    ...[...found].filter((name) => !described.has(name)).map((name) => `${name} is not in the table of CONTRIBUTING.md`),
    ...[...described].filter((name) => !found.has(name)).map((name) => `${name} is in the table of CONTRIBUTING.md, and not there`),
  ].toSorted()
}

interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function tablesIn(section: string): readonly Table[] {
  return section.split(/\n{2,}/).flatMap((block) => {
    const [head, rule, ...rows] = block.trim().split('\n').map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
    return head === undefined || rule === undefined || !rule.every((cell) => /^-+$/.test(cell)) || rule.length === 0 ? [] : [{ head, rows }]
  })
}
