import { defineCommand } from './command-line/command-spec.ts'
import type { AnyCommand } from './command-line/command-spec.ts'
import { exportFlags, initFlags, listFlags, plainFlags, planFlags, removeFlags, reportFlags, searchFlags, syncFlags, verifyFlags } from './command-line/flags.ts'
import { SHELLS } from './command-line/shells.ts'
import { emptySyncReport, emptyVerificationReport } from './report/empty-report.ts'

const EITHER_MODE = [['incremental', 'full']] as const

/** Every command, in the order of the help. */
export const commands: readonly AnyCommand[] = [
  defineCommand({
    name: 'init',
    summary: 'Write a commented qdrant-loader.yaml and its JSON Schema into the current folder.',
    flags: initFlags,
    load: async () => (await import('./commands/init.ts')).init,
  }),
  defineCommand({
    name: 'sync',
    summary: 'Bring the collection up to date with its sources.',
    flags: syncFlags,
    exclusive: [...EITHER_MODE, ['watch', 'dry-run']],
    emptyReport: (flags) => emptySyncReport(flags['full'] === true, flags['dry-run'] === true),
    load: async () => (await import('./commands/sync.ts')).sync,
  }),
  defineCommand({
    name: 'plan',
    summary: 'Say per document what a sync would do and why (the same as sync --dry-run).',
    flags: planFlags,
    exclusive: EITHER_MODE,
    emptyReport: (flags) => emptySyncReport(flags['full'] === true, true),
    load: async () => (await import('./commands/plan.ts')).plan,
  }),
  defineCommand({
    name: 'status',
    summary: 'Show each source: documents, last success, what is held or failed, who is syncing it.',
    flags: reportFlags,
    load: async () => (await import('./commands/status.ts')).status,
  }),
  defineCommand({
    name: 'history',
    summary: 'List past runs.',
    flags: listFlags,
    load: async () => (await import('./commands/history.ts')).history,
  }),
  defineCommand({
    name: 'failures',
    summary: 'List documents that could not be synced, with the reason and what to do.',
    flags: listFlags,
    load: async () => (await import('./commands/failures.ts')).failures,
  }),
  defineCommand({
    name: 'search',
    summary: 'Search the collection.',
    operand: 'TEXT',
    flags: searchFlags,
    load: async () => (await import('./commands/search.ts')).search,
  }),
  defineCommand({
    name: 'export',
    summary: 'Print every point as a line of JSON, sorted by id.',
    flags: exportFlags,
    load: async () => (await import('./commands/export.ts')).exportPoints,
  }),
  defineCommand({
    name: 'verify',
    summary: 'Compare what the state says with every point of the collection; --repair makes them equal again.',
    flags: verifyFlags,
    requires: [['allow-mass-delete', 'repair']],
    emptyReport: () => ({ ...emptyVerificationReport() }),
    load: async () => (await import('./commands/verify.ts')).verify,
  }),
  defineCommand({
    name: 'remove',
    summary: 'Remove a source that is, or was, configured: its points, and all that is known of it.',
    operand: 'SOURCE',
    operandOf: 'source',
    flags: removeFlags,
    load: async () => (await import('./commands/remove.ts')).remove,
  }),
  defineCommand({
    name: 'doctor',
    summary: 'Check the configuration, the state, the store, the embedder and every source.',
    flags: reportFlags,
    load: async () => (await import('./commands/doctor.ts')).doctor,
  }),
  defineCommand({
    name: 'config validate',
    summary: 'Check the configuration file, the options of every connector included.',
    flags: plainFlags,
    load: async () => (await import('./commands/config-validate.ts')).configValidate,
  }),
  defineCommand({
    name: 'config show',
    summary: 'Print the configuration as it is understood, defaults included and secrets left out.',
    flags: plainFlags,
    load: async () => (await import('./commands/config-show.ts')).configShow,
  }),
  defineCommand({
    name: 'config schema',
    summary: 'Print the JSON Schema of the configuration file.',
    flags: plainFlags,
    load: async () => (await import('./commands/config-schema.ts')).configSchema,
  }),
  defineCommand({
    name: 'migrate status',
    summary: 'Show which migrations the state database has.',
    flags: plainFlags,
    load: async () => (await import('./commands/migrate.ts')).migrateStatus,
  }),
  defineCommand({
    name: 'migrate up',
    summary: 'Bring the state database to this version (a sync does it by itself).',
    flags: plainFlags,
    load: async () => (await import('./commands/migrate.ts')).migrateUp,
  }),
  defineCommand({
    name: 'migrate down',
    summary: 'Undo the last migration, after a backup of the file.',
    flags: plainFlags,
    load: async () => (await import('./commands/migrate.ts')).migrateDown,
  }),
  defineCommand({
    name: 'completion',
    summary: 'Print what makes a shell complete commands, flags and names: source <(qdrant-loader completion bash).',
    operand: 'SHELL',
    operandOf: SHELLS,
    flags: {},
    load: async () => (await import('./commands/completion.ts')).completion,
  }),
]
