import path from 'node:path'
import { configJsonSchema, findConfig } from '@qdrant-loader/core/config'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import type { CommandContext, CommandResult } from '../command-context.ts'
import { installedConnectors } from '../composition/installed-connectors.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { ExitCode } from '../failure/exit-code.ts'

/** Prints the JSON Schema: with the connectors that the configuration names, else with those that are installed. */
export async function configSchema(context: CommandContext): Promise<CommandResult> {
  const schema = configJsonSchema(await connectorsOf(context))
  await context.print(`${JSON.stringify(schema, undefined, 2)}\n`)
  return { exitCode: ExitCode.done, report: schema }
}

async function connectorsOf(context: CommandContext): Promise<readonly ConnectorPlugin[]> {
  const { host, flags } = context
  const installed = await installedConnectors(path.resolve(host.cwd), host)
  try {
    await findConfig({ path: flags['config'] as string | undefined, cwd: host.cwd, env: host.env })
  } catch (error) {
    if (isLoaderError(error) && error.code === 'config_not_found') return installed
    throw error
  }
  const settings = await loadConfiguration(context, { connectors: true })
  const named = settings.sources.flatMap(({ connector }) => connector ?? [])
  return [...new Map([...installed, ...named].map((connector) => [connector.type, connector])).values()]
}
