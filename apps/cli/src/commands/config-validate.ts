import { checkDatabasePath } from '@qdrant-loader/core/config'
import type { CommandContext, CommandResult } from '../command-context.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { stateLocation } from '../composition/state-location.ts'
import { ExitCode } from '../failure/exit-code.ts'

/** Checks the configuration file with the options of every connector, and that the state can be kept where it says. */
export async function configValidate(context: CommandContext): Promise<CommandResult> {
  const settings = await loadConfiguration(context, { connectors: true })
  await checkDatabasePath(stateLocation(settings, context.host))
  const { length } = settings.sources
  await context.print(`${settings.file} is valid: ${length === 1 ? '1 source' : `${length} sources`}.\n`)
  return { exitCode: ExitCode.done, report: { status: 'succeeded', file: settings.file, sources: length } }
}
