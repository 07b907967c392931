import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Only this user may read what we keep: whole texts of private sources. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/**
 * Makes a folder, and those above it that are missing, for this user alone. A folder that is there stays as it is.
 *
 * One by one, from the nearest that exists: where a file system takes no folders but says that the one above is
 * missing (`/proc`), Node's recursive `mkdir` asks for ever.
 *
 * @throws what the file system throws: `EACCES`, `ENOENT`, `EEXIST` where a file is in the way.
 */
export function makePrivateFolder(path: string): void {
  const missing: string[] = []
  for (let folder = path; !isFolder(folder); folder = dirname(folder)) {
    missing.push(folder)
    if (dirname(folder) === folder) break
  }
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(folder, { mode: FOLDER_MODE })
    } catch (error) {
      // Another process may have been faster.
      if (!isFolder(folder)) throw error
    }
  }
}

/** Makes an empty file for this user alone, unless there is one: what opens it next would make it as the umask says. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', FILE_MODE))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
