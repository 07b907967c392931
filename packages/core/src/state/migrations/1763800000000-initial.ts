import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm'

type Column = NonNullable<TableOptions['columns']>[number]

const id: Column = { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }
const integer = (name: string): Column => ({ name, type: 'integer' })
const text = (name: string): Column => ({ name, type: 'text' })
const nullable = (name: string): Column => ({ name, type: 'text', isNullable: true })
const key = (column: Column): Column => ({ ...column, isPrimary: true })

/**
 * The first tables. Down drops them all, and with them everything the state knew: the next sync builds it again from
 * the sources, and reads vectors back where the store still has them.
 */
export class Initial1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { Table } = await import('typeorm')
    for (const table of tables(prefixOf(runner))) await runner.createTable(new Table(table))
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables(prefixOf(runner)).reverse()) await runner.dropTable(table.name)
  }
}

function prefixOf(runner: QueryRunner): string {
  return runner.dataSource.options.entityPrefix ?? ''
}

/** Names of constraints and indexes are left to TypeORM: they are derived from table and columns, prefix included. */
function tables(prefix: string): TableOptions[] {
  const references = (column: string, table: string, onDelete?: string) => ({
    columnNames: [column],
    referencedTableName: `${prefix}${table}`,
    referencedColumnNames: ['id'],
    ...(onDelete === undefined ? {} : { onDelete }),
  })
  const ofSource = [references('source_id', 'source_states')]
  const ofDocument = [references('document_key', 'document_states', 'CASCADE')]
  return [
    {
      name: `${prefix}source_states`,
      columns: [
        id,
        text('project'),
        text('source_type'),
        text('source'),
        nullable('cursor'),
        nullable('fingerprints'),
        nullable('store_instance'),
        { name: 'reconciled', type: 'boolean', default: '0' },
        nullable('store_marks'),
        nullable('open_listing'),
        nullable('last_success_at'),
        nullable('last_listing_at'),
        { name: 'held_deletions', type: 'integer', default: '0' },
      ],
      indices: [{ columnNames: ['project', 'source_type', 'source'], isUnique: true }],
    },
    {
      name: `${prefix}ingestion_history`,
      columns: [
        id,
        integer('source_id'),
        text('run_id'),
        text('mode'),
        text('status'),
        text('started_at'),
        nullable('finished_at'),
        nullable('counters'),
        nullable('cursor_before'),
        nullable('cursor_after'),
        nullable('error'),
      ],
      indices: [
        { columnNames: ['source_id', 'run_id'], isUnique: true },
        { columnNames: ['source_id', 'id'] },
        { columnNames: ['source_id'], where: `status = 'running'` },
      ],
      foreignKeys: ofSource,
    },
    {
      name: `${prefix}fingerprint_sets`,
      columns: [id, text('selection'), text('extraction'), text('chunking'), text('embedding'), text('payload')],
      indices: [{ columnNames: ['embedding', 'selection', 'extraction', 'chunking', 'payload'], isUnique: true }],
    },
    {
      name: `${prefix}document_states`,
      columns: [
        id,
        integer('source_id'),
        text('document_id'),
        text('scope'),
        text('content_version'),
        text('metadata_version'),
        text('content_hash'),
        integer('fingerprint_set'),
        text('stub'),
        text('title'),
        integer('chunk_count'),
        nullable('skipped'),
        text('status'),
        nullable('verdict'),
        nullable('moved_to'),
        nullable('staged_at'),
        nullable('deleted_at'),
        nullable('redo'),
        nullable('seen_listing'),
        text('last_run_id'),
        integer('version'),
      ],
      indices: [
        { columnNames: ['source_id', 'document_id'], isUnique: true },
        { columnNames: ['source_id', 'scope', 'document_id'] },
        { columnNames: ['source_id', 'status'] },
        { columnNames: ['source_id'], where: `redo IS NOT NULL` },
      ],
      foreignKeys: [...ofSource, references('fingerprint_set', 'fingerprint_sets')],
    },
    {
      name: `${prefix}document_dependencies`,
      columns: [key(integer('document_key')), key(text('depends_on')), integer('source_id')],
      indices: [{ columnNames: ['source_id', 'depends_on'] }],
      foreignKeys: ofDocument,
    },
    {
      name: `${prefix}chunk_states`,
      columns: [
        key(integer('document_key')),
        key(integer('position')),
        text('point_id'),
        text('input_hash'),
        text('payload_hash'),
        text('point_key'),
        text('input_key'),
      ],
      indices: [{ columnNames: ['point_key'] }, { columnNames: ['input_key'] }],
      foreignKeys: ofDocument,
    },
    {
      name: `${prefix}write_intents`,
      columns: [
        key(integer('source_id')),
        key(text('point_id')),
        text('document_id'),
        text('operation'),
        text('run_id'),
        text('recorded_at'),
      ],
      indices: [{ columnNames: ['source_id', 'document_id'] }],
      foreignKeys: ofSource,
    },
    {
      name: `${prefix}failures`,
      columns: [
        key(integer('source_id')),
        key(text('document_id')),
        text('stub'),
        text('code'),
        text('message'),
        text('hint'),
        integer('attempts'),
        text('first_failed_at'),
        text('last_failed_at'),
        text('last_run_id'),
      ],
      foreignKeys: ofSource,
    },
    {
      name: `${prefix}leases`,
      columns: [
        key(integer('source_id')),
        text('holder'),
        integer('pid'),
        text('hostname'),
        text('boot_id'),
        nullable('process_start'),
        text('acquired_at'),
        text('heartbeat_at'),
      ],
      foreignKeys: ofSource,
    },
    {
      name: `${prefix}metric_samples`,
      columns: [id, text('run_id'), text('name'), { name: 'value', type: 'double precision' }, text('at')],
      indices: [{ columnNames: ['run_id'] }, { columnNames: ['at'] }],
    },
  ]
}
