import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import type { Host } from '../command-context.ts'
import { connectorResolver } from './load-configuration.ts'

/** The types that this project has connectors for. */
const OUR_TYPES = ['git', 'public-docs', 'confluence', 'jira'] as const

/** Those of our own connectors that are installed. Others are known only once a configuration names them. */
export async function installedConnectors(configDirectory: string, host: Pick<Host, 'env' | 'uid' | 'cwd'>): Promise<readonly ConnectorPlugin[]> {
  const resolve = connectorResolver(host)
  const found = await Promise.all(
    OUR_TYPES.map(async (type) => {
      try {
        return await resolve({ type, package: undefined, configDirectory })
      } catch (error) {
        if (isLoaderError(error) && error.code === 'connector_missing') return undefined
        throw error
      }
    }),
  )
  return found.filter((connector) => connector !== undefined)
}
