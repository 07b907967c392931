import { fileURLToPath } from 'node:url'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { cliError } from '../codes.ts'
import { installCommand } from '../connectors/install-command.ts'
import type { ConnectorLoaderDeps } from '../connectors/load-connector.ts'
import { locatePackage } from '../connectors/locate-package.ts'
import { checkOwners } from '../connectors/package-owners.ts'

/** It holds the weights of a model, so only those who use it install it. */
export const LOCAL_EMBEDDER = '@qdrant-loader/embedder-local'

type LocalEmbedderPackage = typeof import('@qdrant-loader/embedder-local')

/**
 * Loads the local embedder's package. It is looked up as connectors are: from the configuration file's folder, then from
 * this program's.
 *
 * @throws LoaderError `embedder_missing` with the install command, `embedder_broken`, `embedder_foreign_owner`
 */
export async function loadLocalEmbedder(configDirectory: string, deps: ConnectorLoaderDeps): Promise<LocalEmbedderPackage> {
  const name = LOCAL_EMBEDDER
  const url = await locateLocalEmbedder(configDirectory, deps)
  if (url === undefined) {
    const folders = foldersOf(configDirectory, deps).join(' nor from ')
    throw cliError('embedder_missing', { name, folders, folder: configDirectory, command: installCommand([name], configDirectory) })
  }
  const { programDirectory, owners } = deps
  if (owners !== undefined) await checkOwners({ code: 'embedder_foreign_owner', name, url, configDirectory }, programDirectory, owners)
  let module: Partial<LocalEmbedderPackage>
  try {
    module = (await import(url)) as Partial<LocalEmbedderPackage>
  } catch (error) {
    throw broken(url, error)
  }
  if (typeof module.createLocalEmbedder !== 'function') throw broken(url, 'it exports no createLocalEmbedder')
  return module as LocalEmbedderPackage
}

/** Where it is; undefined where it is not installed. */
export function locateLocalEmbedder(configDirectory: string, deps: ConnectorLoaderDeps): Promise<string | undefined> {
  return locatePackage(LOCAL_EMBEDDER, { folders: foldersOf(configDirectory, deps), conditions: deps.conditions }, broken)
}

function foldersOf(configDirectory: string, { programDirectory }: ConnectorLoaderDeps): readonly string[] {
  return [...new Set([configDirectory, programDirectory])]
}

function broken(where: string, error: unknown): LoaderError {
  const place = where.startsWith('file:') ? fileURLToPath(where) : where
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
  return cliError('embedder_broken', { name: LOCAL_EMBEDDER, place, reason }, { cause: error })
}
