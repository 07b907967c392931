import { expect, test, vi } from 'vitest'
import { createUserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 180_000 })

const CONFIG = `global:
  embedding: { provider: hash, dimensions: 32 }
  state_management: { database_path: ./state.db }
sources:
  git:
    docs: { base_url: ./repository }
    same-paths: { base_url: ./repository, file_types: ["*.md"] }
projects:
  second:
    sources:
      git:
        docs: { base_url: ./repository }
`

interface Exported {
  readonly id: string
  readonly payload: { readonly project_id: string; readonly source: string; readonly document_id: string }
}

function bySource(points: readonly unknown[]): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const { payload } of points as readonly Exported[]) {
    ;(found[`${payload.project_id}/${payload.source}`] ??= []).push(payload.document_id)
  }
  for (const list of Object.values(found)) list.sort()
  return found
}

test('two projects with one repository, and two sources with the same paths, never touch each other', async () => {
  const world = createUserWorld()
  world.configure(CONFIG)
  expect((await world.run(['sync'])).code).toBe(0)
  const both = ['guide.md', 'notes.txt']
  expect(bySource(await world.exported())).toEqual({ 'default/docs': both, 'default/same-paths': ['guide.md'], 'second/docs': both })

  world.commit({ 'guide.md': undefined, 'new.md': '# New\n\nA new page.\n' })
  expect((await world.run(['sync', '--project', 'second'])).code).toBe(0)
  expect(bySource(await world.exported())).toEqual({
    'default/docs': both,
    'default/same-paths': ['guide.md'],
    'second/docs': ['new.md', 'notes.txt'],
  })

  expect((await world.run(['sync', '--source', 'same-paths'])).code).toBe(0)
  expect(bySource(await world.exported())).toMatchObject({ 'default/docs': both, 'default/same-paths': ['new.md'] })
  expect((await world.run(['sync'])).code).toBe(0)
  expect(bySource(await world.exported())['default/docs']).toEqual(['new.md', 'notes.txt'])
  const ids = (await world.exported()).map((point) => (point as Exported).id)
  expect(new Set(ids).size).toBe(ids.length)
})
