import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import { UTCDateTime } from '../utc-date-time.ts'

/** A row of `leases`. */
export interface LeaseRow {
  sourceId: number
  holder: string
  pid: number
  hostname: string
  bootId: string
  processStart: string | null
  acquiredAt: Date
  heartbeatAt: Date
}

/** Who writes a source (I8). At most one row per source. */
export const Lease = new EntitySchema<LeaseRow>({
  name: 'leases',
  columns: {
    sourceId: { name: 'source_id', type: 'integer', primary: true },
    holder: { type: 'text' },
    pid: { type: 'integer' },
    hostname: { type: 'text' },
    bootId: { name: 'boot_id', type: 'text' },
    processStart: { name: 'process_start', type: 'text', nullable: true },
    acquiredAt: { name: 'acquired_at', type: 'text', transformer: UTCDateTime },
    heartbeatAt: { name: 'heartbeat_at', type: 'text', transformer: UTCDateTime },
  },
  foreignKeys: [{ target: 'source_states', columnNames: ['sourceId'], referencedColumnNames: ['id'] }],
})
