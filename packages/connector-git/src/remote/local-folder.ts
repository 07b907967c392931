import { stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { gitError } from '../codes.ts'
import type { Remote } from './remote.ts'

/** `github.com/owner/repo`: an address that lost its scheme. */
const WITHOUT_SCHEME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?\/\S+$/i

/**
 * Looks whether a local source is a repository, and says what it is otherwise. Remotes, and files (a bundle is one),
 * are for git to judge.
 *
 * @throws LoaderError `git_repository_missing`.
 */
export async function requireLocalRepository({ path, written }: Pick<Remote, 'path' | 'written'>): Promise<void> {
  if (path === undefined) return
  const found = await stat(path).catch((error: unknown) => error as NodeJS.ErrnoException)
  if (found instanceof Error) throw notThere(path, written, found)
  if (!found.isDirectory() || (await isRepository(path))) return
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (await isRepository(folder)) throw inside(path, folder)
    if (dirname(folder) === folder) break
  }
  throw gitError('git_repository_missing/plain_folder', { path })
}

async function isRepository(folder: string): Promise<boolean> {
  if (await exists(join(folder, '.git'))) return true
  const parts = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => exists(join(folder, name))))
  return parts.every(Boolean)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function inside(path: string, repository: string): LoaderError {
  const folder = relative(repository, path).replaceAll('\\', '/')
  return gitError('git_repository_missing/inside', { path, repository, folder })
}

function notThere(path: string, written: string, cause: Error): LoaderError {
  if (WITHOUT_SCHEME.test(written)) return gitError('git_repository_missing/without_scheme', { path, written }, { cause })
  return gitError('git_repository_missing/nothing', { path }, { cause })
}
