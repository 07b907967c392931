import type { ExtraField } from './field-catalog.ts'

/**
 * Names in the value of an extra field, by kind and id: of people, options, versions, and what else has an id beside
 * its name. Sprints are in the payload by their id alone.
 */
export function namesInField(field: ExtraField, raw: unknown): readonly (readonly [string, string])[] {
  if (field.custom === 'gh-sprint') return []
  if (Array.isArray(raw)) return raw.flatMap((item: unknown) => namesInValue(field.items ?? 'any', item))
  return namesInValue(field.type, raw)
}

/** Looks for the name in the order in which `fieldValue` does. */
function namesInValue(kind: string, raw: unknown): readonly (readonly [string, string])[] {
  if (typeof raw !== 'object' || raw === null) return []
  const { displayName, value, key, name, id, accountId, groupId, child } = raw as Readonly<Record<string, unknown>>
  if (isText(displayName)) return entries('person', [accountId, name, key], displayName)
  if (isText(value)) return [...entries('option', [id], value), ...namesInValue(kind, child)]
  if (isText(key)) return entries('key', [id], key)
  return isText(name) ? entries(kind, [id, groupId], name) : []
}

function entries(kind: string, ids: readonly unknown[], name: string): readonly (readonly [string, string])[] {
  const id = ids.find((one) => isText(one) || typeof one === 'number')
  return id === undefined ? [] : [[`${kind} ${String(id)}`, name]]
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
