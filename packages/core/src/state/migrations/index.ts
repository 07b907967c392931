import { Initial1763800000000 } from './1763800000000-initial.ts'
import { VectorsOfIntents1764500000000 } from './1764500000000-vectors-of-intents.ts'

/** A migration class. TypeORM reads the order from the thirteen digits at the end of its name. */
export type StateMigration = new () => Migration

/** As TypeORM's `MigrationInterface`, whose name would be in our declarations, while TypeORM is built in. */
interface Migration {
  up(...runner: never[]): Promise<unknown>
  down(...runner: never[]): Promise<unknown>
}

/** Every migration, oldest first. Append only: what was released never changes. */
export const MIGRATIONS: readonly StateMigration[] = [Initial1763800000000, VectorsOfIntents1764500000000]
