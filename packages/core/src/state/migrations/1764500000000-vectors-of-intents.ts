import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What the vector of a point that is about to be written is made from, so that a run after a kill reads it back instead
 * of making it again. Down forgets that: what a killed run left is embedded once more.
 */
export class VectorsOfIntents1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { TableIndex } = await import('typeorm')
    const table = tableOf(runner)
    // Not TypeORM's own way, which makes a copy of the table.
    await runner.query(`ALTER TABLE "${table}" ADD COLUMN "input_hash" text`)
    await runner.query(`ALTER TABLE "${table}" ADD COLUMN "fingerprint_set" integer`)
    await runner.createIndex(table, new TableIndex(index(runner)))
  }

  async down(runner: QueryRunner): Promise<void> {
    const table = tableOf(runner)
    await runner.query(`DROP INDEX "${index(runner).name}"`)
    await runner.query(`ALTER TABLE "${table}" DROP COLUMN "fingerprint_set"`)
    await runner.query(`ALTER TABLE "${table}" DROP COLUMN "input_hash"`)
  }
}

function tableOf(runner: QueryRunner): string {
  return `${runner.dataSource.options.entityPrefix ?? ''}write_intents`
}

function index(runner: QueryRunner) {
  const columnNames = ['input_hash']
  const where = `operation = 'left'`
  return { columnNames, where, name: runner.dataSource.namingStrategy.indexName(tableOf(runner), columnNames, where) }
}
