import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkDatabasePath } from './check-database-path.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qdrant-loader-path-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a new file in a folder that is there or can be made is fine, and nothing is left behind', async () => {
  await checkDatabasePath(join(folder, 'state.db'))
  await checkDatabasePath(join(folder, 'a/b/state.db'))
  expect(await readdir(folder)).toEqual([])
})

test('an existing file is opened and left as it is', async () => {
  await writeFile(join(folder, 'state.db'), 'x')
  await checkDatabasePath(join(folder, 'state.db'))
  expect(await readdir(folder)).toEqual(['state.db'])
})

test('a folder in its place and a file where a folder is needed are refused', async () => {
  await mkdir(join(folder, 'd'))
  await writeFile(join(folder, 'f'), '')
  for (const path of [join(folder, 'd'), join(folder, 'f/state.db'), join(folder, 'f/a/state.db')]) {
    await expect(checkDatabasePath(path)).rejects.toMatchObject({
      code: 'config_path_unwritable',
      kind: 'config',
      message: expect.stringContaining(path) as string,
    })
  }
})

test('a place that takes no files is refused, whatever its permission bits say', async () => {
  const path = process.platform === 'linux' ? '/proc/state.db' : '/dev/null/state.db'
  await expect(checkDatabasePath(path)).rejects.toMatchObject({ code: 'config_path_unwritable' })
})
