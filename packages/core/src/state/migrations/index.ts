import type { MigrationInterface } from 'typeorm'
import { Initial1763800000000 } from './1763800000000-initial.ts'
import { VectorsOfIntents1764500000000 } from './1764500000000-vectors-of-intents.ts'

/** A migration class. TypeORM reads the order from the thirteen digits at the end of its name. */
export type StateMigration = new () => MigrationInterface

/** Every migration, oldest first. Append only: what was released never changes. */
export const MIGRATIONS: readonly StateMigration[] = [Initial1763800000000, VectorsOfIntents1764500000000]
