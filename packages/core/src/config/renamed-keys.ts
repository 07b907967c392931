import type { ConfigPath } from './config-error.ts'

/** A key that has another name today. Its older one is taken as long as today's is not set. */
export interface RenamedKey {
  readonly from: ConfigPath
  readonly to: ConfigPath
}

const BATCH: ConfigPath = ['global', 'ingestion', 'batch']

/** What files of before may hold. */
export const RENAMED_KEYS: readonly RenamedKey[] = [
  { from: [...BATCH, 'retry_attempts'], to: ['global', 'retry', 'attempts'] },
  { from: [...BATCH, 'retry_delay'], to: ['global', 'retry', 'delay'] },
]
