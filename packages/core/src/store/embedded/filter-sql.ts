import type { PointFilter } from '../vector-store.ts'

const FIELDS = ['project_id', 'source_type', 'source', 'document_id'] as const

/** A condition and its parameters. `TRUE` when the filter is empty. */
export interface SqlCondition {
  readonly sql: string
  readonly parameters: readonly string[]
}

/** The SQL condition of a filter on the table `points`. */
export function conditionOf(filter: PointFilter): SqlCondition {
  const fields = FIELDS.filter((field) => filter[field] !== undefined)
  if (fields.length === 0) return { sql: 'TRUE', parameters: [] }
  return {
    sql: fields.map((field) => `points.${field} = ?`).join(' AND '),
    parameters: fields.map((field) => filter[field] as string),
  }
}
