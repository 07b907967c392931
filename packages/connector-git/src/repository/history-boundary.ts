import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireLocalRepository } from '../remote/local-folder.ts'
import type { Remote } from '../remote/remote.ts'

/** Hash of the commits at which a `shallow` file cuts off the history; empty for a whole one. */
export async function readBoundary(file: string): Promise<string> {
  const content = await readFile(file, 'utf8').catch(() => '')
  const commits = content.split('\n').filter((line) => line !== '').toSorted()
  return commits.length === 0 ? '' : createHash('sha256').update(commits.join('\n')).digest('hex').slice(0, 16)
}

/**
 * Where a local source's own history is cut off; empty for remotes. A fetch takes over a boundary only as far as it
 * needs to, so a copy of another boundary would know more or less history than a fresh one.
 *
 * @throws LoaderError when there is no repository at the path.
 */
export async function sourceBoundary(remote: Remote): Promise<string> {
  const { path } = remote
  if (path === undefined) return ''
  await requireLocalRepository(remote)
  return (await readBoundary(join(path, '.git', 'shallow'))) || (await readBoundary(join(path, 'shallow')))
}
