import { homedir } from 'node:os'
import { resolveStatePath } from '@qdrant-loader/core/state'
import type { Settings } from '@qdrant-loader/core/config'
import type { StatePath } from '@qdrant-loader/core/state'
import type { Host } from '../command-context.ts'

/** Absolute path of the state database. */
export function stateLocation(settings: Settings, host: Host): string {
  return statePlace(settings, host).path
}

/** The same, with the rule that said so. */
export function statePlace(settings: Settings, host: Host): StatePath {
  const { database_path: databasePath, database_url: databaseUrl } = settings.global.state_management
  return resolveStatePath({
    env: host.env,
    platform: process.platform,
    homedir: host.env['HOME'] ?? homedir(),
    configFile: settings.file,
    databasePath,
    databaseUrl,
  })
}

/**
 * A path beside the state database that is tied to it by name: what it holds speaks of this state, and two states in
 * one folder must not share it.
 */
export function besideState(settings: Settings, host: Host, suffix: string): string {
  return stateLocation(settings, host).replace(/\.(?:db|sqlite3?)$/, '') + suffix
}
