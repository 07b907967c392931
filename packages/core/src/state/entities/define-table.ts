import { EntitySchema } from 'typeorm/entity-schema/EntitySchema.js'
import type { Column, RowOf } from './columns.ts'

type Columns = Readonly<Record<string, Column<unknown>>>

interface Description<Of extends Columns> {
  /** Without the prefix. */
  readonly name: string
  readonly columns: Of
  readonly indices?: readonly { readonly columns: readonly (keyof Of & string)[]; readonly unique?: boolean; readonly where?: string }[]
  /** Which columns name a row of another table by its `id`. */
  readonly references?: readonly { readonly column: keyof Of & string; readonly table: string; readonly onDelete?: 'CASCADE' }[]
}

/**
 * The one description of a table: TypeORM's entity. Migrations are compared with it, and the types of rows, the columns
 * of statements and what values are in the database follow from it (`Table`).
 */
export function defineTable<Of extends Columns>({ name, columns, indices = [], references = [] }: Description<Of>): EntitySchema<RowOf<Of>> {
  const named = Object.entries(columns).map(([property, column]) => [property, { ...column, name: snakeCase(property) }])
  return new EntitySchema({
    name,
    columns: Object.fromEntries(named) as object,
    indices: indices.map((index) => ({ ...index, columns: [...index.columns] })),
    foreignKeys: references.map(({ column, table, ...rest }) => ({
      target: table,
      columnNames: [column],
      referencedColumnNames: ['id'],
      ...rest,
    })),
  })
}

function snakeCase(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
