import { loadSettings, trustedOwners } from '@qdrant-loader/core/config'
import type { Host } from '../command-context.ts'
import type { NamesOf } from '../command-line/complete.ts'

/**
 * Names of the configuration, for a shell that completes a word. Connectors are not loaded for it, and where there is no
 * configuration or a wrong one, there are no names: nobody is waiting for a message.
 */
export function namesForCompletion(host: Pick<Host, 'cwd' | 'env' | 'uid'>): NamesOf {
  return async (kind, config) => {
    const { cwd, env, uid } = host
    const settings = await loadSettings({ path: config, cwd, env, owners: trustedOwners({ uid, env, cwd }) }).catch(() => undefined)
    const names = (settings?.sources ?? []).map(({ project, sourceType, source }) => ({ project, 'source-type': sourceType, source })[kind])
    return [...new Set(names)].toSorted()
  }
}
