// Uses a file of each room until that fails, and prints the errors as JSON, by room. It is started under limits.
// Arguments: the folder of the files; how much to write; `nobody` to give up the rights of root first, where it has them,
// or `no-files` to open as many files as the system allows.
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { DATABASE_ROOMS } from './database-rooms.ts'

const [folder = '', writes = '', trouble] = process.argv.slice(2)
// The limit of the shell sends a signal that ends the process, unless somebody listens.
process.on('SIGXFSZ', () => undefined)
// What is imported with the first use must be there before: the folder of the sources may be root's alone.
const warm = mkdtempSync(join(tmpdir(), 'database-first-use-'))
for (const room of DATABASE_ROOMS) await room.use(join(warm, room.name), 0)
rmSync(warm, { recursive: true })
if (trouble === 'nobody' && process.getuid?.() === 0) process.setuid?.(65_534)
const taken = trouble === 'no-files' ? everyFile() : []

const said: Record<string, unknown> = {}
for (const room of DATABASE_ROOMS) {
  try {
    await room.use(join(folder, room.name), Number(writes))
  } catch (error) {
    if (!isLoaderError(error)) throw error
    const { code, kind, hint, message } = error
    said[room.name] = { code, kind, hint, message }
  }
}
for (const file of taken) closeSync(file)
process.stdout.write(JSON.stringify(said))

function everyFile(): number[] {
  const files: number[] = []
  try {
    for (;;) files.push(openSync('/dev/null', 'r'))
  } catch {
    return files
  }
}
