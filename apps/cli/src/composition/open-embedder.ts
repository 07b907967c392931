import { HashEmbedder, OpenAiEmbedder } from '@qdrant-loader/core'
import type { Embedder, Settings } from '@qdrant-loader/core'
import type { CommandContext } from '../command-context.ts'
import { sleep } from '../sleep.ts'

/** The model that `provider: openai` uses without `model`. */
const DEFAULT_OPENAI_MODEL = 'text-embedding-3-small'

/** The configured embedder. Models and connections are opened when the first text is embedded. */
export async function openEmbedder(settings: Settings, context: CommandContext): Promise<Embedder> {
  const { embedding, ingestion } = settings.global
  const { provider, model, base_url: baseUrl, api_key: apiKey, dimensions } = embedding
  switch (provider) {
    case 'hash':
      return new HashEmbedder(dimensions === undefined ? {} : { dimensions })
    case 'local':
      throw new TypeError('the local embedder is not part of this build')
    case 'openai':
      return new OpenAiEmbedder({
        model: model ?? DEFAULT_OPENAI_MODEL,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(dimensions === undefined ? {} : { dimensions }),
        batchSize: embedding.batch_size,
        maxConcurrency: embedding.max_concurrency,
        retries: { attempts: ingestion.batch.retry_attempts, delayMs: ingestion.batch.retry_delay },
        sleep,
        now: context.host.now,
      })
  }
}
