import path from 'node:path'
import { EmbeddedVectorStore, QdrantVectorStore } from '@qdrant-loader/core/store'
import type { Settings } from '@qdrant-loader/core/config'
import type { VectorStore } from '@qdrant-loader/core/store'
import type { CommandContext } from '../command-context.ts'
import { proxyDispatcher } from './proxies.ts'
import { retryPolicyOf } from './retry-policy.ts'
import { besideState } from './state-location.ts'

/** The configured store: a Qdrant server where there is a `qdrant` section, else one file. Nothing is connected yet. */
export function createStore(settings: Settings, context: CommandContext): VectorStore {
  const { qdrant, embedded } = settings.global
  const { now } = context.host
  if (qdrant === undefined) {
    const file = embedded?.path
    const location = file === undefined ? besideState(settings, context.host, '.points.db') : path.resolve(settings.directory, file)
    return new EmbeddedVectorStore({ path: location, now })
  }
  return new QdrantVectorStore({
    url: qdrant.url,
    ...(qdrant.api_key === undefined ? {} : { apiKey: qdrant.api_key }),
    collectionName: qdrant.collection_name,
    timeoutMs: qdrant.timeout,
    retry: retryPolicyOf(settings),
    dispatcher: proxyDispatcher(qdrant.url, context.host.env),
    logger: context.logger,
    redact: context.vault.redact,
    now,
  })
}
