import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOMS } from '../lint/rooms.ts'
import { describedRooms, differences, roomIn } from './docs/connector-rooms.ts'
import { readText, ROOT } from './docs/markdown-pages.ts'

/** Where the source of each column of the table is. */
const SOURCES: Readonly<Record<string, string>> = {
  git: 'packages/connector-git/src',
  confluence: 'packages/connector-confluence/src',
  jira: 'packages/connector-jira/src',
  'public-docs': 'packages/connector-public-docs/src',
  notes: 'tooling/examples/connector-notes/src',
}

const { rooms, paths } = describedRooms()

describe('the rooms of the connectors', () => {
  it('each has a column in CONTRIBUTING.md', () => expect([...rooms.keys()]).toEqual(Object.keys(SOURCES)))

  describe.each(Object.entries(SOURCES))('%s', (column, source) => {
    it('has the files and folders that the table names, and no others', () => {
      expect(differences(rooms.get(column) ?? new Set(), roomIn(source))).toEqual([])
    })

    it('has what the cells name deeper inside', () => {
      expect((paths.get(column) ?? []).filter((path) => !path.startsWith('@') && !existsSync(join(ROOT, source, path)))).toEqual([])
    })

    it('has a place for every folder in the order that lint holds', () => {
      const ordered = (ROOMS[source] ?? []).flat().filter((name) => !name.endsWith('.ts'))
      const folders = [...(rooms.get(column) ?? [])].flatMap((name) => (name.endsWith('/') ? [name.slice(0, -1)] : []))
      expect(folders.toSorted()).toEqual(ordered.toSorted())
    })

    it('shows others nothing that index.ts does not pass on by name', () => {
      const lines = (readText(`${source}/index.ts`) ?? '').trim().split('\n')
      expect(lines.filter((line) => !/^export (?:type )?\{ [^}]+ \} from '\.\/[\w-]+\.ts'$/.test(line))).toEqual([])
    })
  })

  it('a file or a folder too many is told, and so is one too few', () => {
    expect(differences(new Set(['config.ts', 'api/']), new Set(['config.ts', 'api/', 'utils.ts', 'misc/']))).toEqual([
      'misc/ is not in the table of CONTRIBUTING.md',
      'utils.ts is not in the table of CONTRIBUTING.md',
    ])
    expect(differences(new Set(['config.ts', 'presence.ts', 'api/']), new Set(['config.ts']))).toEqual([
      'api/ is in the table of CONTRIBUTING.md, and not there',
      'presence.ts is in the table of CONTRIBUTING.md, and not there',
    ])
  })
})
