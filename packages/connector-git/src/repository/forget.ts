import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectorContext } from '@qdrant-loader/connector-sdk'
import { Git } from '../git/git-process.ts'
import { gitEnvironment } from '../remote/git-environment.ts'
import { parseRemote } from '../remote/remote.ts'
import { lockRepository } from './repository-lock.ts'

/** Where each source keeps the commits that it depends on, in the copies that sources share. */
export const PINS = 'refs/qdrant-loader/pins/'

type Owner = Pick<ConnectorContext, 'project' | 'source'>

/** Names a source among all that share a copy. */
export function ownerOf({ project, source }: Owner): string {
  return createHash('sha256').update(JSON.stringify([project, source])).digest('hex').slice(0, 24)
}

/** Lets go of what a source that was removed keeps: its pins, and copies that no other source reads. */
export async function forget(context: Owner & Pick<ConnectorContext, 'cacheDirectory'>, signal: AbortSignal): Promise<void> {
  if (!existsSync(context.cacheDirectory)) return
  const folder = await realpath(context.cacheDirectory)
  for (const name of await readdir(folder)) {
    if (/^[0-9a-f]{24}\.git$/.test(name)) await forgetIn(join(folder, name), folder, ownerOf(context), signal)
  }
}

async function forgetIn(copy: string, folder: string, owner: string, signal: AbortSignal): Promise<void> {
  const remote = parseRemote(copy, folder)
  if ('problem' in remote) return
  const environment = gitEnvironment(process.env, remote, undefined, folder)
  const git = new Git({ environment, redact: (text) => text, directory: folder }).at(copy)
  await using _lock = await lockRepository(`${copy}.lock`, signal, () => undefined)
  const listed = await git.run(['for-each-ref', '--format=%(refname)', PINS], signal)
  const pins = listed.toString('utf8').split('\n').filter((line) => line !== '')
  const own = pins.filter((pin) => pin.startsWith(`${PINS}${owner}/`))
  if (own.length === 0) return
  if (own.length === pins.length) {
    await rm(copy, { recursive: true, force: true })
    return
  }
  await git.run(['update-ref', '--stdin'], signal, own.map((pin) => `delete ${pin}\n`).join(''))
  await git.run(['gc', '--auto', '--quiet'], signal)
}
