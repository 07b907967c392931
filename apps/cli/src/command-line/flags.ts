import type { FlagSpecs } from './command-spec.ts'

/** Flags of every command. */
const commonFlags = {
  config: { type: 'string', value: 'FILE', completes: 'file', describe: 'Configuration file. Default: qdrant-loader.yaml here or in a parent folder.' },
  'log-level': {
    type: 'choice',
    choices: ['debug', 'info', 'warn', 'error'],
    describe: 'What is logged to standard error. debug also shows stack traces.',
  },
} as const satisfies FlagSpecs

const jsonFlag = {
  json: { type: 'boolean', describe: 'Print one JSON object on standard output, at every exit status.' },
} as const satisfies FlagSpecs

/** Which sources a command is about. */
const selectionFlags = {
  project: { type: 'string', value: 'P', completes: 'project', describe: 'Only sources of this project.' },
  'source-type': { type: 'string', value: 'T', completes: 'source-type', describe: 'Only sources of this type, such as git.' },
  source: { type: 'string', value: 'NAME', completes: 'source', describe: 'Only the source of this name.' },
} as const satisfies FlagSpecs

/** What `sync` and `plan` share. */
const detectionFlags = {
  ...selectionFlags,
  incremental: { type: 'boolean', describe: 'Ask each source what changed since the last run (the default).' },
  full: { type: 'boolean', describe: 'List everything. What is right already is not done again.' },
  workers: { type: 'integer', value: 'N', min: 1, max: 256, describe: 'Documents read, and sources looked at, at once (ingestion.parallel.max_workers).' },
  retries: { type: 'integer', value: 'N', min: 0, max: 100, describe: 'Retries after a passing failure (retry.attempts).' },
} as const satisfies FlagSpecs

export const syncFlags = {
  ...commonFlags,
  ...jsonFlag,
  ...detectionFlags,
  watch: { type: 'boolean', describe: 'Go on: look at each source again at its change_detection.interval.' },
  'batch-size': { type: 'integer', value: 'N', min: 1, max: 100_000, describe: 'Documents a batch (ingestion.batch.size).' },
  'dry-run': { type: 'boolean', describe: 'Say what would be done and why, and do nothing.' },
  'allow-mass-delete': { type: 'boolean', describe: 'Apply deletions that are held because there are so many.' },
} as const satisfies FlagSpecs

export const planFlags = { ...commonFlags, ...jsonFlag, ...detectionFlags } as const satisfies FlagSpecs

export const listFlags = {
  ...commonFlags,
  ...jsonFlag,
  ...selectionFlags,
  limit: { type: 'integer', value: 'N', min: 1, max: 100_000, describe: 'At most so many rows, the newest first. Default: 20.' },
} as const satisfies FlagSpecs

export const reportFlags = { ...commonFlags, ...jsonFlag, ...selectionFlags } as const satisfies FlagSpecs

export const verifyFlags = {
  ...reportFlags,
  repair: { type: 'boolean', describe: 'Make them equal again: a sync of the sources that differ, and a second comparison.' },
  'allow-mass-delete': { type: 'boolean', describe: 'With --repair: apply deletions that are held because there are so many.' },
} as const satisfies FlagSpecs

export const removeFlags = {
  ...commonFlags,
  ...jsonFlag,
  yes: { type: 'boolean', describe: 'Remove it without asking. Needed where nobody can be asked.' },
} as const satisfies FlagSpecs

export const searchFlags = {
  ...commonFlags,
  ...jsonFlag,
  ...selectionFlags,
  mode: {
    type: 'choice',
    choices: ['vector', 'keyword', 'fused'],
    describe: 'By meaning, by words, or both ranked together. Default: fused where the store can, else vector.',
  },
  limit: { type: 'integer', value: 'N', min: 1, max: 1_000, describe: 'At most so many results. Default: 5.' },
} as const satisfies FlagSpecs

export const exportFlags = {
  ...commonFlags,
  ...selectionFlags,
  'no-vectors': { type: 'boolean', describe: 'Leave the vectors out.' },
} as const satisfies FlagSpecs

export const plainFlags = { ...commonFlags, ...jsonFlag } as const satisfies FlagSpecs

export const initFlags = {
  ...plainFlags,
  force: { type: 'boolean', describe: 'Overwrite files that exist.' },
} as const satisfies FlagSpecs
