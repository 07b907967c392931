import path from 'node:path'
import { loadSettings, originOf, secretsOf, trustedOwners } from '@qdrant-loader/core/config'
import { urlSecrets } from '@qdrant-loader/core/secrets'
import type { ResolveConnector, Settings } from '@qdrant-loader/core/config'
import type { Secret } from '@qdrant-loader/core/secrets'
import type { CommandContext, Host } from '../command-context.ts'
import { loadConnector } from '../connectors/load-connector.ts'
import type { LogLevel } from '../output/log.ts'
import { packagePlaces } from './package-places.ts'

/**
 * The effective configuration. From here on its secrets are redacted, and the log is as it says.
 *
 * @param connectors whether connectors are loaded, so that their options are checked. Commands that only look at the
 * state or the store work without them.
 */
export async function loadConfiguration(context: CommandContext, options: { readonly connectors: boolean }): Promise<Settings> {
  const { flags, host, signal, log, vault } = context
  const settings = await loadSettings({
    path: flags['config'] as string | undefined,
    cwd: host.cwd,
    env: host.env,
    flags: {
      'batch-size': flags['batch-size'] as number | undefined,
      workers: flags['workers'] as number | undefined,
      retries: flags['retries'] as number | undefined,
      'log-level': flags['log-level'] as string | undefined,
    },
    owners: trustedOwners({ uid: host.uid, env: host.env, cwd: host.cwd }),
    ...(options.connectors ? { resolveConnector: connectorResolver(host) } : {}),
    signal,
  })
  vault.add([...secretsOf(settings), ...proxySecrets(host.env)])
  const { level, format, file } = settings.global.logging
  log.configure({
    level,
    format,
    file: file === undefined ? undefined : path.resolve(settings.directory, file),
    quiet: printsResults(context) && !isAskedFor(level, originOf(settings, LEVEL)),
  })
  return settings
}

/** The address of a proxy may name a user and a password, which the proxy gets and may repeat. */
function proxySecrets(env: NodeJS.ProcessEnv): readonly Secret[] {
  const named = Object.entries(env).filter(([name]) => /^(?:https?|all)_proxy$/i.test(name))
  // Without a scheme, as curl takes it too.
  return named.flatMap(([, value = '']) => urlSecrets(value.includes('://') ? value : `http://${value}`))
}

const LEVEL = ['global', 'logging', 'level']

/** Whether a person reads the result of the command, which then says all that a log of level `info` says. */
function printsResults({ json, flags }: CommandContext): boolean {
  return !json && flags['watch'] !== true
}

/** Whether somebody wants to see a log of this level now. `info` in the file is about the log that is kept. */
function isAskedFor(level: LogLevel, origin: string): boolean {
  return level === 'debug' || origin === '--log-level' || origin === 'QDRANT_LOADER_LOG_LEVEL'
}

/** Finds connectors from the configuration's folder, then from this program's. */
export function connectorResolver(host: Pick<Host, 'env' | 'uid' | 'cwd'>): ResolveConnector {
  const places = packagePlaces(host)
  return (request) => loadConnector(request, places)
}
