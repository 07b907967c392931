import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { ConfluenceApi, Identity } from './confluence-api.ts'

/** Who the server takes us for; undefined where it knows the token, which may not ask about people. */
export async function whoWeAre(api: ConfluenceApi, signal: AbortSignal): Promise<Identity | undefined> {
  try {
    return await api.identity(signal)
  } catch (error) {
    if (isLoaderError(error) && error.code === 'confluence_forbidden') return undefined
    throw error
  }
}
