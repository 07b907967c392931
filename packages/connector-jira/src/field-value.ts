import type { Json } from '@qdrant-loader/connector-sdk'
import type { ExtraField } from './field-catalog.ts'
import { isDocument } from './rich-text.ts'
import { utcOf } from './utc-time.ts'

/** Types of custom fields that hold text to be searched. A URL is payload. */
const TEXT_TYPES = new Set(['textarea', 'textfield', 'readonlyfield', 'message-edit', 'message-view'])

/** What a field gives: text for the content, or a value for the payload. Undefined: it is empty. */
export type FieldValue = { readonly kind: 'text'; readonly raw: unknown } | { readonly kind: 'value'; readonly value: Json } | undefined

/** Reads the value of any type of field. */
export function fieldValue(field: ExtraField, raw: unknown): FieldValue {
  if (isEmpty(raw)) return undefined
  if (isText(field, raw)) return { kind: 'text', raw }
  const value = payloadValue(field, raw)
  return isEmpty(value) ? undefined : { kind: 'value', value }
}

function isText(field: ExtraField, raw: unknown): boolean {
  return isDocument(raw) || (typeof raw === 'string' && isTextField(field))
}

/** True for a field whose values are text. Fields of apps may hold text all the same. */
export function isTextField({ type, custom }: ExtraField): boolean {
  return type === 'string' && (custom === undefined || TEXT_TYPES.has(custom))
}

function payloadValue(field: ExtraField, raw: unknown): Json {
  if (field.custom === 'gh-sprint') return sprintIds(raw)
  if (Array.isArray(raw)) return raw.map((item) => valueOf(field.items ?? 'any', item)).filter((item) => !isEmpty(item))
  return valueOf(field.type, raw)
}

function valueOf(type: string, raw: unknown): Json {
  if (type === 'datetime' && typeof raw === 'string') return utcOf(raw) ?? raw
  if (typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean') return raw
  if (type === 'option-with-child') return [namePart(raw), namePart(property(raw, 'child'))].filter((part) => part !== null)
  return namePart(raw)
}

/**
 * What a person would call a value. The order matters: users have a `displayName`, options a `value`, and a project's
 * or an issue's name belongs to it and may change alone, so its key stands for it.
 */
function namePart(raw: unknown): Json {
  if (typeof raw !== 'object' || raw === null) return typeof raw === 'string' || typeof raw === 'number' ? raw : null
  for (const key of ['displayName', 'value', 'key', 'name', 'id']) {
    const part = property(raw, key)
    if (typeof part === 'string' || typeof part === 'number') return part
  }
  return null
}

/** A sprint's name and state change without its issues: ids only. Old Data Centers write a sprint as text. */
function sprintIds(raw: unknown): Json {
  const items = Array.isArray(raw) ? (raw as unknown[]) : [raw]
  return items
    .map((item) => (typeof item === 'string' ? Number(/\bid=(\d+)/.exec(item)?.[1]) : Number(property(item, 'id'))))
    .filter((id) => Number.isSafeInteger(id))
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
