import type { ChangeItem, Field, FieldValue } from './model.ts'
import { toWiki } from './rich-text.ts'

/** Names behind ids, for the readable half of a change log. */
export interface ItemNames {
  name(id: string): string | undefined
}

const BY_ID: readonly Field['kind'][] = ['user', 'users', 'version', 'versions', 'components', 'sprints']

/** A row of the change log. Texts stand in it as wiki markup, lists as one string. */
export function historyItem(field: Field, from: FieldValue | undefined, to: FieldValue | undefined, names: ItemNames): ChangeItem {
  const [before, after] = [shown(field, from, names), shown(field, to, names)]
  return {
    field: field.custom ? field.name : field.id,
    fieldId: field.id,
    custom: field.custom,
    from: before.id,
    fromString: before.text,
    to: after.id,
    toString: after.text,
  }
}

function shown(field: Field, value: FieldValue | undefined, names: ItemNames): { readonly id: string | null; readonly text: string | null } {
  if (value === undefined) return { id: null, text: null }
  if (typeof value === 'object' && 'json' in value) return { id: null, text: JSON.stringify(value.json) }
  if (typeof value === 'object' && 'adf' in value) return { id: null, text: toWiki(value, () => undefined) }
  if (field.kind === 'rich' && typeof value === 'string') return { id: null, text: toWiki(value, () => undefined) }
  const parts = (Array.isArray(value) ? (value as readonly string[]) : [value]).map(String)
  if (!BY_ID.includes(field.kind)) return { id: null, text: parts.join(' ') }
  return { id: parts.join(', '), text: parts.map((part) => names.name(part) ?? part).join(', ') }
}
