import { lstat, realpath, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, relative, resolve } from 'node:path'

/** The variable that names folders whose files are used whoever owns them; `*` means every folder. */
export const SAFE_DIRECTORIES = 'QDRANT_LOADER_SAFE_DIRECTORIES'

/**
 * Whose files may decide what is run and where tokens are sent. As git's `safe.directory`: a folder that others can
 * write into (`/tmp`, a shared disk) may hold files that were put there for whoever works in it.
 */
export interface TrustedOwners {
  readonly uids: ReadonlySet<number>
  /** Absolute. */
  readonly folders: readonly string[]
  readonly everywhere: boolean
}

/** Who runs the command, and what they said about other owners. */
export interface TrustInput {
  /** The user of this process. Undefined where there are no user ids (Windows): then every owner is trusted. */
  readonly uid: number | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** The user, root, behind `sudo` the user who called it, and who is allowed by {@link SAFE_DIRECTORIES}. */
export function trustedOwners({ uid, env, cwd }: TrustInput): TrustedOwners | undefined {
  if (uid === undefined) return undefined
  const caller = Number(env['SUDO_UID'] ?? '')
  const behindSudo = uid === 0 && Number.isSafeInteger(caller) && caller > 0 ? [caller] : []
  const named = (env[SAFE_DIRECTORIES] ?? '').split(delimiter).filter((folder) => folder !== '')
  return {
    uids: new Set([uid, 0, ...behindSudo]),
    folders: named.filter((folder) => folder !== '*').map((folder) => resolve(cwd, folder)),
    everywhere: named.includes('*'),
  }
}

/**
 * The user id of a stranger who owns this file or folder, or the link that leads to it; undefined when it is trusted
 * or is not there.
 */
export async function strangerOf(path: string, owners: TrustedOwners): Promise<number | undefined> {
  if (owners.everywhere || (await liesIn(path, owners.folders))) return undefined
  const found = await Promise.all([lstat(path).catch(absent), stat(path).catch(absent)])
  return found.find((status) => status !== undefined && !owners.uids.has(status.uid))?.uid
}

/** What to do about a file of a stranger, for hints. */
export function trustHint(folder: string): string {
  return `If you trust it, run: ${SAFE_DIRECTORIES}=${folder} qdrant-loader …`
}

/** Where the path really is: a link inside of a folder that is trusted may lead anywhere. */
async function liesIn(path: string, folders: readonly string[]): Promise<boolean> {
  if (folders.length === 0) return false
  const [real = path, ...places] = await Promise.all([path, ...folders].map((place) => realpath(place).catch(() => place)))
  return places.some((folder) => isBelow(real, folder))
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}

function absent(error: unknown): undefined {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw error
}
