import { createHash } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { dirname, posix, win32, type PlatformPath } from 'node:path'
import { stateError } from './codes.ts'
import { DatabaseError, StateValidationError } from './state-errors.ts'

/** What decides where the state file is. */
export interface StatePathInput {
  /** The environment; `STATE_DB_PATH`, `XDG_STATE_HOME` and `LOCALAPPDATA` are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** The user's home, undefined or empty when there is none. */
  readonly homedir: string | undefined
  /** Absolute path of the configuration file. */
  readonly configFile: string
  /** `state_management.database_path` */
  readonly databasePath?: string | undefined
  /** `state_management.database_url` */
  readonly databaseUrl?: string | undefined
  /** Whether a file can be made in this folder, which need not exist. Default {@link isWritableFolder}. */
  readonly isWritable?: (folder: string) => boolean
}

/** Where the state file is, and which rule said so. */
export interface StatePath {
  /** Absolute. */
  readonly path: string
  readonly origin: 'environment' | 'database_path' | 'database_url' | 'user' | 'beside-configuration'
}

/**
 * Where the state file is: `STATE_DB_PATH`, else the configured path or URL, else the user's state folder (Linux and
 * others: `$XDG_STATE_HOME` or `~/.local/state`; macOS: `~/Library/Application Support`; Windows: `%LOCALAPPDATA%`),
 * else beside the configuration file.
 *
 * Relative paths are relative to the configuration file. A URL is read as SQLAlchemy does: `sqlite:///a/b.db` (three
 * slashes) is relative, `sqlite:////a/b.db` (four) absolute, `sqlite:///C:/a/b.db` absolute on Windows; nothing in it
 * is decoded.
 *
 * In the user's folder each configuration file has a state of its own, named after its folder and a hash of its
 * absolute path, so that two configurations never mix. A configuration that is moved therefore starts afresh; set
 * `database_path` where that matters. The last two rules never choose a place inside `node_modules`, which the next
 * installation would empty.
 *
 * @throws StateValidationError (`state_path_invalid`) for a URL that is not SQLite's or for both keys at once,
 *   DatabaseError (`state_unwritable`) when no place is left.
 */
export function resolveStatePath(input: StatePathInput): StatePath {
  const explicit = input.env['STATE_DB_PATH']
  if (explicit !== undefined && explicit !== '') return { path: against(input, explicit), origin: 'environment' }
  if (input.databasePath !== undefined && input.databaseUrl !== undefined) {
    throw new StateValidationError(stateError.describe('state_path_invalid/both'))
  }
  if (input.databasePath !== undefined) return { path: against(input, input.databasePath), origin: 'database_path' }
  if (input.databaseUrl !== undefined) {
    return { path: against(input, pathOfUrl(input.databaseUrl, input.platform)), origin: 'database_url' }
  }
  return defaultPath(input)
}

/** True when the folder, or the nearest one above it that exists, is a folder that may be written. */
export function isWritableFolder(folder: string): boolean {
  for (let current = folder; ; current = dirname(current)) {
    try {
      accessSync(current, constants.W_OK | constants.X_OK)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(current) === current) return false
    }
  }
}

function defaultPath(input: StatePathInput): StatePath {
  const { isWritable = isWritableFolder } = input
  const path = pathsOf(input)
  const user = userFolder(input)
  if (user !== undefined && isAllowed(user) && isWritable(user)) {
    return { path: path.join(user, `${nameOf(input)}.db`), origin: 'user' }
  }
  const folder = path.dirname(input.configFile)
  if (isAllowed(folder) && isWritable(folder)) {
    return { path: `${input.configFile.replace(/\.ya?ml$/i, '')}.state.db`, origin: 'beside-configuration' }
  }
  throw new DatabaseError(stateError.describe('state_unwritable/nowhere', { user: user ?? "the user's folder", folder }))
}

function userFolder(input: StatePathInput): string | undefined {
  const { env, platform, homedir } = input
  const path = pathsOf(input)
  const below = (...parts: string[]) =>
    homedir === undefined || homedir === '' ? undefined : path.join(homedir, ...parts, 'qdrant-loader')
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA']
    return local === undefined || local === '' ? below('AppData', 'Local') : path.join(local, 'qdrant-loader')
  }
  if (platform === 'darwin') return below('Library', 'Application Support')
  // The XDG specification: a relative path is invalid and to be ignored.
  const xdg = env['XDG_STATE_HOME']
  return xdg !== undefined && path.isAbsolute(xdg) ? path.join(xdg, 'qdrant-loader') : below('.local', 'state')
}

/** `handbook-1a2b3c4d5e6f`: the folder for people, the hash for uniqueness. */
function nameOf(input: StatePathInput): string {
  const { configFile, platform } = input
  const path = pathsOf(input)
  // Windows does not tell upper and lower case apart in paths.
  const key = platform === 'win32' ? configFile.toLowerCase() : configFile
  const folder = path.basename(path.dirname(configFile))
  const readable = folder.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40)
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12)
  return `${readable === '' ? 'state' : readable}-${hash}`
}

function pathOfUrl(url: string, platform: NodeJS.Platform): string {
  const match = /^sqlite:\/\/\/(.+)$/.exec(url)
  if (match?.[1] === undefined) {
    const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(url)?.[0] ?? 'no scheme'
    throw new StateValidationError(stateError.describe('state_path_invalid', { scheme }))
  }
  if (/[?#]/.test(match[1])) {
    throw new StateValidationError(stateError.describe('state_path_invalid/parameters'))
  }
  return platform === 'win32' ? match[1].replace(/^\/(?=[A-Za-z]:)/, '') : match[1]
}

/** A path as the user wrote it: relative to the configuration file, `~/` is the home. */
function against(input: StatePathInput, written: string): string {
  const path = pathsOf(input)
  const home = input.homedir
  if (home !== undefined && home !== '' && /^~[/\\]/.test(written)) return path.resolve(home, written.slice(2))
  return path.resolve(path.dirname(input.configFile), written)
}

function pathsOf({ platform }: StatePathInput): PlatformPath {
  return platform === 'win32' ? win32 : posix
}

function isAllowed(folder: string): boolean {
  return !folder.split(/[/\\]/).includes('node_modules')
}
