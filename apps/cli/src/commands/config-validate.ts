import type { CommandContext, CommandResult } from '../command-context.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { ExitCode } from '../failure/exit-code.ts'

/** Checks the configuration file with the options of every connector. */
export async function configValidate(context: CommandContext): Promise<CommandResult> {
  const settings = await loadConfiguration(context, { connectors: true })
  const { length } = settings.sources
  await context.print(`${settings.file} is valid: ${length === 1 ? '1 source' : `${length} sources`}.\n`)
  return { exitCode: ExitCode.done, report: { status: 'succeeded', file: settings.file, sources: length } }
}
