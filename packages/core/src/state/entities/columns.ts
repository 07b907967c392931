import type { EntitySchemaColumnOptions, ValueTransformer } from 'typeorm'
import { fromJson } from '../json.ts'
import { UTCDateTime } from '../utc-date-time.ts'

declare const VALUE: unique symbol

/** A column, and the type of what is in it. Its name is that of the property, in snake case. */
export type Column<Value> = Omit<EntitySchemaColumnOptions, 'name'> & { readonly [VALUE]?: Value }

/** What is in a column. */
export type ValueOf<Of> = Of extends { readonly [VALUE]?: infer Value } ? Value : never

/** A number that the database gives to each new row. */
export const id: Column<number> = { type: 'integer', primary: true, generated: 'increment' }
export const integer: Column<number> = { type: 'integer' }
export const real: Column<number> = { type: 'double precision' }
export const flag: Column<boolean> = { type: 'boolean' }
/** An instant, as the text that {@link UTCDateTime} makes. */
export const time: Column<Date> = { type: 'text', transformer: UTCDateTime }

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

/** A column of the primary key. */
export function key<Value>(column: Column<Value>): Column<Value> {
  return { ...column, primary: true }
}

const JSON_TEXT = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: string | null) => (value === null ? null : fromJson(value)),
} satisfies ValueTransformer
