import type { EntitySchema, ValueTransformer } from 'typeorm'
import type { SqlValue } from '../../sqlite/sqlite-connection.ts'

/** A row with `undefined` where the database has no value. */
export type Found<Row> = { readonly [Name in keyof Row]: Exclude<Row[Name], null> | (null extends Row[Name] ? undefined : never) }

type Nullable<Row> = { [Name in keyof Row]: null extends Row[Name] ? Name : never }[keyof Row]

/** A row to be written: without the number that the database gives; what may be without a value may be left out. */
export type Written<Row> = { readonly [Name in Exclude<keyof Row, 'id' | Nullable<Row>>]: Row[Name] } & {
  readonly [Name in Nullable<Row>]?: Row[Name] | undefined
}

/** Parts of a row to be changed; `undefined` takes a value away. */
export type Changed<Row> = { readonly [Name in keyof Row]?: Row[Name] | (null extends Row[Name] ? undefined : never) }

interface ColumnPlan {
  readonly property: string
  readonly name: string
  readonly generated: boolean
  /** From a row to the database, and back; undefined where the value is the same. */
  readonly write: ((value: unknown) => unknown) | undefined
  readonly read: ((value: unknown) => unknown) | undefined
}

/**
 * What of a statement follows from the description of its table: names of columns, and how values get into them and
 * out. Rows that are read with {@link Table.columns} have the names of properties.
 */
export class Table<Row extends object> {
  /** As SQL names it; the connection puts the prefix in. */
  readonly name: string
  /** Every column for a SELECT on this table alone. */
  readonly columns: string
  /** Inserts a row: its parameters are {@link Table.values}. */
  readonly insert: string
  readonly #columns: readonly ColumnPlan[]
  readonly #written: readonly ColumnPlan[]
  /** Columns whose value in the database is another one than in a record. */
  readonly #read: readonly (readonly [property: string, read: (value: unknown) => unknown])[]

  constructor(entity: EntitySchema<Row>) {
    const { name = '', columns } = entity.options
    this.name = `{${name}}`
    this.#columns = Object.entries<ColumnOptions | undefined>(columns).map(([property, options]) => planOf(property, options))
    this.#written = this.#columns.filter((column) => !column.generated)
    this.#read = this.#columns.flatMap(({ property, read }) => (read === undefined ? [] : [[property, read] as const]))
    this.columns = this.select('')
    const names = this.#written.map((column) => column.name).join(', ')
    this.insert = `INSERT INTO ${this.name} (${names}) VALUES (${this.#written.map(() => '?').join(', ')})`
  }

  /** Columns for a SELECT that calls the table `alias`; all of them unless some are named. */
  select(alias: string, only?: readonly (keyof Row & string)[]): string {
    return selectionOf(alias, only === undefined ? this.#columns : this.#columns.filter(({ property }) => (only as readonly string[]).includes(property)))
  }

  /** All columns but these, for a SELECT on this table alone. */
  but(...omitted: readonly (keyof Row & string)[]): string {
    return selectionOf('', this.#columns.filter(({ property }) => !(omitted as readonly string[]).includes(property)))
  }

  /**
   * Inserts a row, or changes the one with the same `key` to it. Parameters as {@link Table.insert}.
   * @param instead what an existing row gets in a column instead of the new value; `'kept'`: what it has.
   */
  upsert(key: readonly (keyof Row & string)[], instead: { readonly [Name in keyof Row]?: string } = {}): string {
    const isKey = (property: string) => (key as readonly string[]).includes(property)
    const other = instead as Readonly<Record<string, string | undefined>>
    const set = this.#written
      .filter(({ property }) => !isKey(property) && other[property] !== 'kept')
      .map(({ property, name }) => `${name} = ${other[property] ?? `excluded.${name}`}`)
    const names = this.#columns.filter(({ property }) => isKey(property)).map(({ name }) => name)
    return `${this.insert} ON CONFLICT (${names.join(', ')}) DO UPDATE SET ${set.join(', ')}`
  }

  /** The parameters of {@link Table.insert}. */
  values(row: Written<Row>): SqlValue[] {
    const given = row as Readonly<Record<string, unknown>>
    return this.#written.map((column) => written(column, given[column.property]))
  }

  /** `scope = ?, title = ?` with its parameters, for the properties that `changes` has. */
  set(changes: Changed<Row>): { readonly sql: string; readonly values: readonly SqlValue[] } {
    const given = changes as Readonly<Record<string, unknown>>
    const changed = this.#columns.filter(({ property }) => Object.hasOwn(changes, property))
    return {
      sql: changed.map(({ name }) => `${name} = ?`).join(', '),
      values: changed.map((column) => written(column, given[column.property])),
    }
  }

  /** What a row that was selected holds. The row itself is changed. */
  read<Raw extends Partial<Selected<Row>>>(raw: Raw): Omit<Raw, keyof Row> & Pick<Found<Row>, keyof Raw & keyof Row> {
    const row = raw as Record<string, unknown>
    for (const [property, read] of this.#read) row[property] = read(row[property])
    return row as Omit<Raw, keyof Row> & Pick<Found<Row>, keyof Raw & keyof Row>
  }
}

/** A row as it comes from a SELECT of {@link Table.columns}. */
export type Selected<Row> = { [Name in keyof Row]: unknown }

type ColumnOptions = { readonly name?: string; readonly type?: unknown; readonly nullable?: boolean; readonly generated?: unknown; readonly transformer?: unknown }

function selectionOf(alias: string, columns: readonly ColumnPlan[]): string {
  return columns.map(({ name, property }) => `${alias}${alias === '' ? '' : '.'}${name} AS "${property}"`).join(', ')
}

function planOf(property: string, options: ColumnOptions = {}): ColumnPlan {
  const { name = property, type, nullable = false, generated = false } = options
  const column = { property, name, generated: generated !== false }
  const transformer = options.transformer as ValueTransformer | undefined
  if (transformer !== undefined) return { ...column, write: (value) => transformer.to(value), read: (value) => transformer.from(value) ?? undefined }
  if (type === 'boolean') return { ...column, write: Number, read: (value) => value === 1 }
  return { ...column, write: undefined, read: nullable ? (value) => value ?? undefined : undefined }
}

function written({ write }: ColumnPlan, value: unknown): SqlValue {
  if (value === undefined || value === null) return null
  return (write === undefined ? value : write(value)) as SqlValue
}
