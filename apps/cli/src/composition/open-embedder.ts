import { availableParallelism } from 'node:os'
import { abortableSleep } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { CheckedEmbedder, HashEmbedder, OpenAiEmbedder } from '@qdrant-loader/core/embedding'
import type { Settings } from '@qdrant-loader/core/config'
import type { Embedder } from '@qdrant-loader/core/embedding'
import { cliError } from '../codes.ts'
import type { CommandContext } from '../command-context.ts'
import { loadLocalEmbedder } from '../embedders/load-local-embedder.ts'
import { packagePlaces } from './package-places.ts'
import { proxyDispatcher } from './proxies.ts'
import { retryPolicyOf } from './retry-policy.ts'

/** Where `provider: openai` asks without `base_url`. */
const OPENAI_URL = 'https://api.openai.com/v1'
/** The model that `provider: openai` uses without `model`. */
const DEFAULT_OPENAI_MODEL = 'text-embedding-3-small'

/**
 * The configured embedder. Models and connections are opened when the first text is embedded.
 *
 * @throws LoaderError `embedder_option_unfit` when a model or a length is asked for that the provider does not have;
 * `embedder_missing`, `embedder_broken` and `embedder_foreign_owner` for the package of the local one
 */
export async function openEmbedder(settings: Settings, context: CommandContext): Promise<Embedder> {
  const { embedding } = settings.global
  const { provider, model, base_url: baseUrl, api_key: apiKey, dimensions } = embedding
  switch (provider) {
    case 'hash':
      return fitting(new HashEmbedder({ batchSize: embedding.batch_size, ...(dimensions === undefined ? {} : { dimensions }) }), { model })
    case 'local': {
      const { createLocalEmbedder } = await loadLocalEmbedder(settings.directory, packagePlaces(context.host))
      const embedder = new CheckedEmbedder(
        createLocalEmbedder({ workers: Math.min(embedding.max_concurrency, availableParallelism()) }),
        { batchSize: embedding.batch_size },
      )
      const own = await embedder.dimensions(context.signal)
      return fitting(embedder, { model, ...(dimensions === own ? {} : { dimensions }), own })
    }
    case 'openai':
      return new OpenAiEmbedder({
        model: model ?? DEFAULT_OPENAI_MODEL,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(dimensions === undefined ? {} : { dimensions }),
        batchSize: embedding.batch_size,
        maxConcurrency: embedding.max_concurrency,
        retry: retryPolicyOf(settings),
        dispatcher: proxyDispatcher(baseUrl ?? OPENAI_URL, context.host.env),
        sleep: abortableSleep,
        now: context.host.now,
        redact: context.vault.redact,
      })
  }
}

/** A model that is named and not used would be a surprise in every vector. */
function fitting(
  embedder: Embedder,
  asked: { readonly model: string | undefined; readonly dimensions?: number | undefined; readonly own?: number },
): Embedder {
  const unfit = (key: string, value: string | number, has: string | number): LoaderError =>
    cliError('embedder_option_unfit', { key, value, provider: embedder.provider, has })
  if (asked.model !== undefined && asked.model !== embedder.model) throw unfit('model', asked.model, embedder.model)
  if (asked.dimensions !== undefined && asked.own !== undefined) throw unfit('dimensions', asked.dimensions, asked.own)
  return embedder
}
