import { fromJson } from '../json.ts'
import { UTCDateTime } from '../utc-date-time.ts'

declare const VALUE: unique symbol

/**
 * A column as TypeORM takes it, and the type of what is in it. Its name is that of the property, in snake case. Types of
 * records follow from it, so it names none of TypeORM's types, which users of this package do not have.
 */
export interface Column<Value> {
  readonly type: 'integer' | 'double precision' | 'boolean' | 'text'
  readonly primary?: boolean
  readonly generated?: 'increment'
  readonly nullable?: boolean
  readonly default?: number | boolean
  readonly transformer?: Transformer
  readonly [VALUE]?: Value
}

/** How values get into the database and out. */
export interface Transformer {
  to(value: unknown): unknown
  from(value: unknown): unknown
}

/** A row of a table with these columns, as TypeORM reads and writes it. */
export type RowOf<Columns> = { readonly [Name in keyof Columns]: Columns[Name] extends { readonly [VALUE]?: infer Value } ? Value : never }

/** A number that the database gives to each new row. */
export const id: Column<number> = { type: 'integer', primary: true, generated: 'increment' }
export const integer: Column<number> = { type: 'integer' }
export const real: Column<number> = { type: 'double precision' }
export const flag: Column<boolean> = { type: 'boolean' }
/** An instant, as the text that {@link UTCDateTime} makes. */
export const time: Column<Date> = { type: 'text', transformer: UTCDateTime as Transformer }

/** Text; `Value` says which texts there are. */
export function text<Value extends string = string>(): Column<Value> {
  return { type: 'text' }
}

/** A value as JSON text. `null` is stored as no value. */
export function json<Value>(): Column<Value> {
  return { type: 'text', transformer: JSON_TEXT }
}

/** A column that may have no value. */
export function nullable<Value>(column: Column<Value>): Column<Value | null> {
  return { ...column, nullable: true }
}

/** A column that has this value where none is given. */
export function withDefault<Value extends number | boolean>(column: Column<Value>, value: Value): Column<Value> {
  return { ...column, default: value }
}

/** A column of the primary key. */
export function key<Value>(column: Column<Value>): Column<Value> {
  return { ...column, primary: true }
}

const JSON_TEXT: Transformer = {
  to: (value) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value) => (typeof value === 'string' ? fromJson(value) : null),
}
