import { open } from 'node:fs/promises'
import { ConfigError } from './config-error.ts'

/** Largest file that is read as configuration (1 MB): far above any real one, far below what would hurt. */
const MAX_BYTES = 1_000_000

/**
 * Reads a UTF-8 file of at most 1 MB; undefined when it does not exist. `shown` is its name in messages.
 *
 * @throws ConfigError `config_unreadable` when it is no readable file, is too large, or is not UTF-8.
 */
export async function readTextFile(path: string, shown: string, signal?: AbortSignal): Promise<string | undefined> {
  const bytes = await readBytes(path, shown, signal)
  if (bytes === undefined) return undefined
  if (bytes.length > MAX_BYTES) {
    throw unreadable(shown, 'the file is larger than 1 MB', 'Name a smaller file.')
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable(shown, 'the file is not UTF-8 text', 'Save the file as UTF-8.', cause)
  }
}

async function readBytes(path: string, shown: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    return await readAtMost(path, MAX_BYTES + 1, signal)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'ABORT_ERR') throw cause
    const reason = code === 'EISDIR' ? 'this is a folder' : `the file cannot be read (${code})`
    throw unreadable(shown, reason, 'Name a file that this user may read.', cause)
  }
}

/** No more than is needed to know that it is too much: a device goes on for ever. */
async function readAtMost(path: string, bytes: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const file = await open(path)
  const parts: Buffer[] = []
  let size = 0
  for await (const part of file.createReadStream({ ...(signal !== undefined && { signal }) })) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size >= bytes) break
  }
  return Buffer.concat(parts)
}

function unreadable(where: string, message: string, hint: string, cause?: unknown): ConfigError {
  return new ConfigError([{ code: 'config_unreadable', where, message, hint }], cause)
}
