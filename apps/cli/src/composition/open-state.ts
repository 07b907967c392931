import { existsSync } from 'node:fs'
import { StateManager } from '@qdrant-loader/core/state'
import type { Settings } from '@qdrant-loader/core/config'
import type { IngestionState } from '@qdrant-loader/core/state'
import type { CommandContext } from '../command-context.ts'
import { stateLocation } from './state-location.ts'

/**
 * The state database. Read-only it is left as it is; a file that is not there reads as an empty state. `migrate: false`
 * refuses a file of an older version.
 */
export async function openState(
  settings: Settings,
  context: CommandContext,
  options: { readonly readOnly: boolean; readonly migrate?: boolean },
): Promise<StateManager> {
  return await StateManager.open({ ...fileOptions(settings, context), ...options })
}

/** A copy of the state that is thrown away, whatever version the file is of. Without a file it is empty. */
export async function openScratchState(settings: Settings, context: CommandContext): Promise<StateManager> {
  return await StateManager.openScratch(fileOptions(settings, context))
}

function fileOptions(settings: Settings, context: CommandContext) {
  const { table_prefix: tablePrefix, connection_pool: pool } = settings.global.state_management
  return {
    path: stateLocation(settings, context.host),
    tablePrefix,
    pool: { size: pool.size, timeoutMs: pool.timeout },
    now: context.host.now,
    logger: context.logger,
    redact: context.vault.redact,
  }
}

/** Asks the state something, without changing it. Before the first sync there is none, and `otherwise` is the answer. */
export async function readState<T>(
  context: CommandContext,
  settings: Settings,
  ask: (state: IngestionState) => Promise<T>,
  otherwise: T,
): Promise<T> {
  if (!existsSync(stateLocation(settings, context.host))) return otherwise
  const state = await openState(settings, context, { readOnly: true })
  try {
    return await ask(state)
  } finally {
    await state.close()
  }
}
