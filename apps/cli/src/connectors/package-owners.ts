import { stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { strangerOf, trustHint } from '@qdrant-loader/core/config'
import type { TrustedOwners } from '@qdrant-loader/core/config'
import { cliError } from '../codes.ts'

/** A package that is about to be run. */
export interface LocatedPackage {
  /** The error's. */
  readonly code: 'connector_foreign_owner' | 'embedder_foreign_owner'
  readonly name: string
  /** `file:` URL of its entry, without links. */
  readonly url: string
  readonly configDirectory: string
}

/**
 * Refuses code of a stranger before any of it runs: the package, and every `node_modules` in which it, or what it
 * imports, is looked for. Who owns this program decides what we do anyway, so their packages are as good.
 *
 * @throws LoaderError `connector_foreign_owner`, `embedder_foreign_owner`
 */
export async function checkOwners(located: LocatedPackage, programDirectory: string, trusted: TrustedOwners): Promise<void> {
  if (!located.url.startsWith('file:')) return
  const owners = { ...trusted, uids: new Set([...trusted.uids, (await stat(programDirectory)).uid]) }
  const entry = fileURLToPath(located.url)
  const looked = [...new Set([...nodeModulesAbove(entry), ...nodeModulesAbove(located.configDirectory)])]
  const written = path.join(located.configDirectory, 'node_modules', located.name)
  for (const place of [entry, path.dirname(entry), written, ...looked]) {
    const stranger = await strangerOf(place, owners)
    if (stranger === undefined) continue
    throw cliError(located.code, { name: located.name, place, owner: stranger, trust: trustHint(path.dirname(place)) })
  }
}

function* nodeModulesAbove(start: string): Generator<string> {
  for (let folder = path.dirname(path.join(start, 'x')); ; folder = path.dirname(folder)) {
    yield path.basename(folder) === 'node_modules' ? folder : path.join(folder, 'node_modules')
    if (path.dirname(folder) === folder) return
  }
}
