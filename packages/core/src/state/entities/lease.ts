import { integer, key, nullable, text, time } from './columns.ts'
import { defineTable } from './define-table.ts'

/** Who writes a source (I8). At most one row per source. */
export const Lease = defineTable({
  name: 'leases',
  columns: {
    sourceId: key(integer),
    holder: text(),
    pid: integer,
    hostname: text(),
    bootId: text(),
    processStart: nullable(text()),
    acquiredAt: time,
    heartbeatAt: time,
  },
  references: [{ column: 'sourceId', table: 'source_states' }],
})
