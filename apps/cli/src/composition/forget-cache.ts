import { existsSync } from 'node:fs'
import type { Settings } from '@qdrant-loader/core/config'
import type { SourceRef } from '@qdrant-loader/core/state'
import type { CommandContext } from '../command-context.ts'
import { knownFailure } from '../failure/known-failure.ts'
import { cacheDirectory } from './cache-directory.ts'
import { connectorResolver } from './load-configuration.ts'

/**
 * Lets the connector of a source that was removed forget what it keeps for it. A connector that is not installed any
 * more leaves it, which costs nothing but space: `kept`.
 */
export async function forgetCache(ref: SourceRef, settings: Settings, context: CommandContext): Promise<'removed' | 'kept'> {
  const { host, logger, signal } = context
  const configured = settings.sources.find(({ project, sourceType, source }) => project === ref.project && sourceType === ref.sourceType && source === ref.source)
  const folder = cacheDirectory(settings, ref.sourceType, host)
  if (!existsSync(folder)) return 'removed'
  try {
    const plugin = await connectorResolver(host)({ type: ref.sourceType, package: configured?.package, configDirectory: settings.directory })
    await plugin.forget?.({ project: ref.project, source: ref.source, cacheDirectory: folder }, signal)
    return 'removed'
  } catch (error) {
    signal.throwIfAborted()
    const { code, message } = knownFailure(error)
    logger.warn(`what the connector keeps in ${folder} for this source stays there`, { ...ref, code, error: message })
    return 'kept'
  }
}
