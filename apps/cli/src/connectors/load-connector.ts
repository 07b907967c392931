import { fileURLToPath } from 'node:url'
import type { ConnectorPlugin, LoaderError } from '@qdrant-loader/connector-sdk'
import type { TrustedOwners } from '@qdrant-loader/core/config'
import { cliError } from '../codes.ts'
import { checkOwners } from './package-owners.ts'
import { installCommand } from './install-command.ts'
import { locatePackage } from './locate-package.ts'
import { connectorPackage } from './package-name.ts'

/** The version of the connector interface that this program speaks. */
const API_VERSION = 1

/** Which connector a source asks for. */
export interface ConnectorRequest {
  /** The key under `sources:`. */
  readonly type: string
  /** The source's `package`, when it has one. */
  readonly package: string | undefined
  /** Folder of the configuration file. */
  readonly configDirectory: string
}

/** What loading needs of its surroundings. */
export interface ConnectorLoaderDeps {
  /** Folder of this program, where connectors that were installed beside it are found. */
  readonly programDirectory: string
  readonly conditions: ReadonlySet<string>
  /** Who may own what is loaded. Without them, everybody. */
  readonly owners?: TrustedOwners | undefined
}

/**
 * Loads the connector of a source: its package's default export, or the one named `connector`. It is looked up from
 * the configuration file's folder, then from this program's; node_modules is never scanned.
 *
 * @throws LoaderError `connector_missing` with the install command, `connector_broken`, `connector_invalid` (the
 * package is no connector), `connector_incompatible` (another interface version), `connector_foreign_owner`
 */
export async function loadConnector(request: ConnectorRequest, deps: ConnectorLoaderDeps): Promise<ConnectorPlugin> {
  const name = connectorPackage(request.type, request.package)
  const url = await locate(name, request, deps)
  if (deps.owners !== undefined) await checkOwners({ code: 'connector_foreign_owner', name, url, ...request }, deps.programDirectory, deps.owners)
  let module: Readonly<Record<string, unknown>>
  try {
    module = (await import(url)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw broken(name, url, error)
  }
  return checkConnector(module, request.type, name)
}

async function locate(name: string, request: ConnectorRequest, deps: ConnectorLoaderDeps): Promise<string> {
  const folders = [...new Set([request.configDirectory, deps.programDirectory])]
  const url = await locatePackage(name, { folders, conditions: deps.conditions }, (place, error) => broken(name, place, error))
  if (url !== undefined) return url
  const { type, configDirectory } = request
  const command = installCommand([name], configDirectory)
  throw cliError('connector_missing', { type, name, folders: folders.join(' nor from '), folder: configDirectory, command })
}

function broken(name: string, where: string, error: unknown): LoaderError {
  const place = where.startsWith('file:') ? fileURLToPath(where) : where
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')
  return cliError('connector_broken', { name, place, reason }, { cause: error })
}

function checkConnector(module: Readonly<Record<string, unknown>>, type: string, name: string): ConnectorPlugin {
  const candidate = [module['default'], module['connector']].find((value) => typeof value === 'object' && value !== null)
  if (candidate === undefined || !('apiVersion' in candidate)) {
    throw cliError('connector_invalid', { name })
  }
  const plugin = candidate as Partial<ConnectorPlugin>
  if (plugin.apiVersion !== API_VERSION) {
    throw cliError('connector_incompatible', { name, version: String(plugin.apiVersion), wanted: API_VERSION })
  }
  const missing = missingParts(plugin)
  if (missing.length > 0) {
    throw cliError('connector_invalid/incomplete', { name, parts: missing.join(', ') })
  }
  if (plugin.type !== type) {
    throw cliError('connector_invalid/other_type', { name, found: String(plugin.type), type })
  }
  return plugin as ConnectorPlugin
}

function missingParts(plugin: Partial<ConnectorPlugin>): string[] {
  const parts: Readonly<Record<string, boolean>> = {
    type: typeof plugin.type === 'string',
    configSchema: isStandardSchema(plugin.configSchema),
    cursorSchema: isStandardSchema(plugin.cursorSchema),
    capabilities: typeof plugin.capabilities === 'object' && plugin.capabilities !== null,
    fingerprints: typeof plugin.fingerprints === 'function',
    open: typeof plugin.open === 'function',
  }
  return Object.keys(parts).filter((name) => parts[name] !== true)
}

function isStandardSchema(value: unknown): boolean {
  const standard = typeof value === 'object' && value !== null ? (value as { '~standard'?: unknown })['~standard'] : undefined
  return typeof standard === 'object' && standard !== null && 'validate' in standard
}
