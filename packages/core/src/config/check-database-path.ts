import { constants } from 'node:fs'
import { access, mkdtemp, open, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigError } from './config-error.ts'

/**
 * Checks that a SQLite database can be kept at `path` (absolute): an existing file can be opened for reading and
 * writing, and its folder (or the nearest folder that exists, when the others have yet to be made) takes new files,
 * since SQLite puts its log beside the database. Leaves nothing behind.
 *
 * @throws ConfigError `config_path_unwritable`
 */
export async function checkDatabasePath(path: string): Promise<void> {
  const kind = await kindOf(path)
  if (kind === 'folder') throw unwritable(path, 'this is a folder, where a database file is wanted')
  if (kind === 'file') await attempt(path, 'the file cannot be opened for writing', async () => (await open(path, 'r+')).close())
  const folder = await nearestFolder(path)
  // Permission bits do not tell of read-only file systems, so a folder is really made, and removed at once.
  await attempt(path, `the folder ${folder} does not take new files`, async () => {
    await access(folder, constants.W_OK)
    await rmdir(await mkdtemp(join(folder, '.qdrant-loader-')))
  })
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const kind = await kindOf(folder)
    if (kind === 'folder') return folder
    if (kind === 'file' || dirname(folder) === folder) throw unwritable(path, `${folder} is no folder`)
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw unwritable(path, `it cannot be looked at (${String(code)})`, error)
  }
}

async function attempt(path: string, message: string, action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw unwritable(path, `${message}${code}`, error)
  }
}

function unwritable(path: string, message: string, cause?: unknown): ConfigError {
  return new ConfigError([{ code: 'config_path_unwritable', where: path, message }], cause)
}
