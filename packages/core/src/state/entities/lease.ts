import { integer, key, nullable, text, time, type RowOf } from './columns.ts'
import { defineTable } from './define-table.ts'

const columns = {
  sourceId: key(integer),
  holder: text(),
  pid: integer,
  hostname: text(),
  bootId: text(),
  processStart: nullable(text()),
  acquiredAt: time,
  heartbeatAt: time,
}

/** A row of `leases`. */
export type LeaseRow = RowOf<typeof columns>

/** Who writes a source (I8). At most one row per source. */
export const Lease = defineTable({
  name: 'leases',
  columns,
  references: [{ column: 'sourceId', table: 'source_states' }],
})
