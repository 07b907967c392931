import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { createUserWorld, GOOD } from './user-world.ts'

vi.setConfig({ testTimeout: 120_000 })

test('U13: after the folder of the configuration was moved, a sync says that the state is new, and how to bring the old one', async () => {
  const world = createUserWorld()
  const [before, after] = ['one', 'two'].map((name) => path.join(world.folder, name, 'handbook')) as [string, string]
  const yaml = GOOD.replace(/ {2}state_management.*\n/, '').replace('./repository', world.repository)
  mkdirSync(before, { recursive: true })
  writeFileSync(path.join(before, 'qdrant-loader.yaml'), yaml)
  const first = await world.run(['sync', '--json'], { cwd: before })
  expect(first.stderr).toContain(`New state: nothing was synced from ${path.join(before, 'qdrant-loader.yaml')} before.`)
  expect(first.stderr).not.toContain('If you moved')
  expect((await world.run(['sync'], { cwd: before })).stderr).not.toContain('New state')

  renameSync(path.dirname(before), path.dirname(after))
  const moved = await world.run(['sync', '--dry-run'], { cwd: after })
  const [, old] = /set global\.state_management\.database_path to (\S+\.db)\n/.exec(moved.stderr) ?? []
  expect([moved.stderr, old]).toEqual([expect.stringContaining('New state: nothing was synced from'), expect.stringMatching(/handbook-[0-9a-f]{12}\.db$/)])

  writeFileSync(path.join(after, 'qdrant-loader.yaml'), yaml.replace('global:', `global:\n  state_management: { database_path: ${old} }`))
  const { code, stdout, stderr } = await world.run(['sync', '--json'], { cwd: after })
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('New state')])
  expect(JSON.parse(stdout)).toMatchObject({ totals: { documents: { added: 0, updated: 0 }, chunks: { embedded: 0 }, requests: { content: 0 } } })
})
