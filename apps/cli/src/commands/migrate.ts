import { migrateDown as undoMigration, migrateUp as runMigrations, migrationStatus } from '@qdrant-loader/core/state'
import type { CommandContext, CommandResult } from '../command-context.ts'
import { loadConfiguration } from '../composition/load-configuration.ts'
import { stateLocation } from '../composition/state-location.ts'
import { ExitCode } from '../failure/exit-code.ts'
import { spaceOf } from '../output/space-of.ts'
import { renderTable } from '../output/table.ts'

/** Shows which migrations the state database has. Changes nothing, and creates no file. */
export async function migrateStatus(context: CommandContext): Promise<CommandResult> {
  const target = await targetOf(context)
  const migrations = await migrationStatus(target)
  if (!context.json) {
    await context.print(`${target.path}\n\n`)
    const rows = migrations.map(({ name, applied, known }) => [name, applied ? 'applied' : 'pending', known ? '' : 'of a newer version'])
    await context.print(await renderTable([{ name: 'migration' }, { name: 'state' }, { name: 'note', wraps: true }], rows, spaceOf(context)))
  }
  return { exitCode: ExitCode.done, report: { status: 'succeeded', path: target.path, migrations } }
}

/** Runs what is pending. */
export async function migrateUp(context: CommandContext): Promise<CommandResult> {
  const target = await targetOf(context)
  const applied = await runMigrations(target)
  await context.print(applied.length === 0 ? `${target.path} is up to date.\n` : `Applied ${applied.join(', ')} to ${target.path}.\n`)
  return { exitCode: ExitCode.done, report: { status: 'succeeded', path: target.path, applied } }
}

/** Undoes the newest migration, after a copy of the file. */
export async function migrateDown(context: CommandContext): Promise<CommandResult> {
  const target = await targetOf(context)
  const { reverted, backup } = await undoMigration({ ...target, now: context.host.now })
  await context.print(`Undid ${reverted} in ${target.path}.\nThe file as it was: ${backup}\n`)
  return { exitCode: ExitCode.done, report: { status: 'succeeded', path: target.path, reverted, backup } }
}

async function targetOf(context: CommandContext) {
  const settings = await loadConfiguration(context, { connectors: false })
  const { table_prefix: tablePrefix, connection_pool: pool } = settings.global.state_management
  return { path: stateLocation(settings, context.host), tablePrefix, timeoutMs: pool.timeout }
}
