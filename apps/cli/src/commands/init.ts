import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CONFIG_FILE_NAME, configJsonSchema, exampleConfig, SCHEMA_FILE_NAME } from '@qdrant-loader/core/config'
import { cliError } from '../codes.ts'
import type { CommandContext, CommandResult } from '../command-context.ts'
import type { FlagValues } from '../command-line/command-spec.ts'
import type { initFlags } from '../command-line/flags.ts'
import { installedConnectors } from '../composition/installed-connectors.ts'
import { packagePlaces } from '../composition/package-places.ts'
import { connectorPackage } from '../connectors/package-name.ts'
import { installCommand } from '../connectors/install-command.ts'
import { LOCAL_EMBEDDER, locateLocalEmbedder } from '../embedders/load-local-embedder.ts'
import { ExitCode } from '../failure/exit-code.ts'

/** Writes a commented configuration and its JSON Schema. Overwrites nothing without `--force`. */
export async function init(context: CommandContext<FlagValues<typeof initFlags>>): Promise<CommandResult> {
  const { flags, host, print } = context
  const configFile = path.resolve(host.cwd, flags.config ?? CONFIG_FILE_NAME)
  const folder = path.dirname(configFile)
  const schemaFile = path.join(folder, SCHEMA_FILE_NAME)
  if (!flags.force) refuseExisting([configFile, schemaFile])

  const connectors = await installedConnectors(folder, host)
  await writeFile(schemaFile, `${JSON.stringify(configJsonSchema(connectors), undefined, 2)}\n`)
  await writeFile(configFile, exampleConfig({ source: sourceName(folder) }))

  await print(`Wrote ${configFile}\n  and ${schemaFile}, which editors check it by.\n\n`)
  const missing = [
    ...(connectors.some((connector) => connector.type === 'git') ? [] : [connectorPackage('git', undefined)]),
    ...((await locateLocalEmbedder(folder, packagePlaces(host))) === undefined ? [LOCAL_EMBEDDER] : []),
  ]
  if (missing.length > 0) await print(`Install what it uses: ${installCommand(missing, folder)}\n`)
  await print('Name your sources in it, then run: qdrant-loader sync\n')
  return { exitCode: ExitCode.done, report: { status: 'succeeded', files: [configFile, schemaFile] } }
}

function refuseExisting(files: readonly string[]): void {
  const existing = files.filter((file) => existsSync(file))
  if (existing.length === 0) return
  throw cliError('init_exists', { files: existing.join(' and ') })
}

/** The folder's name, as far as it makes a valid one. */
function sourceName(folder: string): string {
  const name = path.basename(folder).replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 100)
  return name === '' ? 'repository' : name
}
