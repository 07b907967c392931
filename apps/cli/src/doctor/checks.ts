import { existsSync } from 'node:fs'
import { checkDatabasePath } from '@qdrant-loader/core/config'
import { migrationStatus } from '@qdrant-loader/core/state'
import type { Settings } from '@qdrant-loader/core/config'
import { cliError } from '../codes.ts'
import type { CommandContext } from '../command-context.ts'
import { cacheDirectory } from '../composition/cache-directory.ts'
import { openEmbedder } from '../composition/open-embedder.ts'
import { readState } from '../composition/open-state.ts'
import { createStore } from '../composition/create-store.ts'
import { proxiesOf } from '../composition/proxies.ts'
import { retryPolicyOf } from '../composition/retry-policy.ts'
import { stateLocation } from '../composition/state-location.ts'
import { formatCount } from '../output/format-values.ts'

/** The state database can be opened and written, and is of this version. Creates nothing. */
export async function checkState(settings: Settings, context: CommandContext): Promise<string> {
  const path = stateLocation(settings, context.host)
  await checkDatabasePath(path)
  if (!existsSync(path)) return `${path} will be created by the first sync`
  const { table_prefix: tablePrefix, connection_pool: pool } = settings.global.state_management
  const migrations = await migrationStatus({ path, tablePrefix, timeoutMs: pool.timeout })
  const pending = migrations.filter(({ applied }) => !applied)
  if (pending.length > 0) return `${path}: ${pending.length} migrations are pending, which the next sync runs`
  const sources = await readState(context, settings, (state) => state.reports.sources(), [])
  const documents = sources.reduce((sum, source) => sum + source.documents, 0)
  return `${path}: ${formatCount(documents)} documents, ${sources.length === 1 ? '1 source' : `${formatCount(sources.length)} sources`}`
}

/** The store answers, and tells what it holds. */
export async function checkStore(settings: Settings, context: CommandContext): Promise<string> {
  const { signal } = context
  const store = createStore(settings, context)
  try {
    const collection = await store.peek(signal)
    if (collection === undefined) return `${store.location} will be created by the first sync`
    const points = await store.count({}, signal)
    return `${store.location}: ${formatCount(points)} points of ${formatCount(collection.dimensions)} dimensions`
  } finally {
    await store.close()
  }
}

/** The embedder embeds, and its vectors fit the collection. */
export async function checkEmbedder(settings: Settings, context: CommandContext): Promise<string> {
  const { signal } = context
  const embedder = await openEmbedder(settings, context)
  try {
    const [vector] = await embedder.embed(['qdrant-loader doctor'], signal)
    const store = createStore(settings, context)
    try {
      const collection = await storeAnswers(() => store.peek(signal), context)
      const made = collection?.embeddingFingerprint
      if (made !== undefined && made !== embedder.fingerprint) throw cliError('embedding_mismatch', { location: store.location, made, configured: embedder.fingerprint })
    } finally {
      await store.close()
    }
    return `${embedder.provider} ${embedder.model}, ${formatCount(vector?.length ?? 0)} dimensions`
  } finally {
    await embedder.close()
  }
}

/** What is wrong with the store was said by its own check. */
async function storeAnswers<T>(ask: () => Promise<T>, context: CommandContext): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    context.logger.debug('the store could not be compared with the embedder', { error })
    return undefined
  }
}

/** The connector reaches its source. */
export async function checkSource(settings: Settings, source: Settings['sources'][number], context: CommandContext): Promise<string> {
  if (source.connector === undefined) throw new TypeError(`the connector of ${source.source} was not loaded`)
  const opened = await source.connector.open(source.config, {
    project: source.project,
    source: source.source,
    configDirectory: settings.directory,
    cacheDirectory: cacheDirectory(settings, source.sourceType, context.host),
    dryRun: true,
    logger: context.logger,
    redact: context.vault.redact,
    count: () => undefined,
    progress: () => undefined,
    now: context.host.now,
    retry: retryPolicyOf(settings),
    proxies: proxiesOf(context.host.env),
  })
  try {
    return await opened.check(context.signal)
  } finally {
    await opened.close(undefined)
  }
}
