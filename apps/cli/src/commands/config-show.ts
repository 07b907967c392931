import { listSettings, showSettings } from '@qdrant-loader/core/config'
import { Document, isNode } from 'yaml'
import type { CommandContext, CommandResult } from '../command-context.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { ExitCode } from '../failure/exit-code.ts'

/** Prints the effective configuration as YAML. What does not come from a default says where it comes from. */
export async function configShow(context: CommandContext): Promise<CommandResult> {
  const settings = await loadConfiguration(context, { connectors: true })
  const shown = showSettings(settings)
  const origins = listSettings(settings).filter(({ origin }) => origin !== 'default')
  const document = new Document(shown)
  document.commentBefore = ` ${settings.file}`
  for (const { key, origin } of origins) {
    const node = document.getIn(key.split('.'), true)
    if (isNode(node)) node.comment = ` ${origin}`
  }
  await context.print(document.toString({ lineWidth: 0 }))
  const report = { status: 'succeeded', file: settings.file, configuration: shown, origins: Object.fromEntries(origins.map(({ key, origin }) => [key, origin])) }
  return { exitCode: ExitCode.done, report }
}
