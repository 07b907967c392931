import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { trustedOwners } from '@qdrant-loader/core/config'
import type { Host } from '../command-context.ts'
import type { ConnectorLoaderDeps } from '../connectors/load-connector.ts'
import { resolveConditions } from '../connectors/resolve-conditions.ts'

/** Where packages that are installed when they are wanted are looked for, beside the configuration's folder. */
export function packagePlaces({ env, uid, cwd }: Pick<Host, 'env' | 'uid' | 'cwd'>): ConnectorLoaderDeps {
  return {
    programDirectory: path.dirname(fileURLToPath(import.meta.url)),
    conditions: resolveConditions(process.execArgv, env['NODE_OPTIONS']),
    owners: trustedOwners({ uid, env, cwd }),
  }
}
