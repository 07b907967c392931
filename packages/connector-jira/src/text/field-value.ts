import type { Json } from '@qdrant-loader/connector-sdk'
import { isTextField } from '../api/field-catalog.ts'
import type { ExtraField } from '../api/field-catalog.ts'
import { utcOf } from '../api/utc-time.ts'
import { isIssueKey, issueKey, personKey } from '../names/names.ts'
import type { Names } from '../names/names.ts'
import { isDocument } from './rich-text.ts'

/** Of what is no text, this deep and no deeper: values come from outside. */
const MAX_DEPTH = 30

/**
 * What a field gives: text for the content, or a value for the payload with the names in it that belong to others.
 * Undefined: it is empty.
 */
export type FieldValue = { readonly kind: 'text'; readonly raw: unknown } | ({ readonly kind: 'value' } & Valued) | undefined

interface Valued {
  readonly value: Json
  readonly names: Names
}

type Properties = Readonly<Record<string, unknown>>

/** Reads the value of any field, whatever its shape. */
export function fieldValue(field: ExtraField, raw: unknown): FieldValue {
  if (isEmpty(raw)) return undefined
  if (isDocument(raw)) return { kind: 'text', raw }
  if (typeof raw === 'string' && (isTextField(field) || field.section)) return { kind: 'text', raw }
  if (field.section && Array.isArray(raw) && raw.every((item) => typeof item === 'string')) return { kind: 'text', raw: raw.join('\n\n') }
  const valued = (field.custom === 'gh-sprint' ? sprintIds(raw) : undefined) ?? valueOf(field.type, raw, field, 0)
  return valued && { kind: 'value', ...valued }
}

function valueOf(kind: string, raw: unknown, field: ExtraField, depth: number): Valued | undefined {
  if (isEmpty(raw) || depth > MAX_DEPTH) return undefined
  if (typeof raw === 'string') return { value: kind === 'datetime' ? (utcOf(raw) ?? raw) : raw, names: issueIn(raw, field) }
  if (typeof raw === 'number' || typeof raw === 'boolean') return bare(raw)
  if (Array.isArray(raw)) return listOf(raw.map((item: unknown) => valueOf(field.items ?? 'any', item, field, depth + 1)))
  const properties = raw as Properties
  // Parent Link of Cloud: a shell that is there without any parent, too.
  if ('hasEpicLinkFieldDependency' in properties) return valueOf('issue', properties['data'], field, depth + 1)
  if (kind === 'option-with-child') return listOf([named(kind, properties), valueOf('option', properties['child'], field, depth + 1)])
  return named(kind, properties) ?? onlyNamed(properties) ?? asItIs(properties)
}

function listOf(found: readonly (Valued | undefined)[]): Valued | undefined {
  const items = found.filter((item) => item !== undefined)
  return items.length === 0 ? undefined : { value: items.map(({ value }) => value), names: Object.assign({}, ...items.map(({ names }) => names)) as Names }
}

/** The fields of Jira and its apps that name an issue may do so by its key alone. A label is what it is. */
function issueIn(text: string, { custom, type }: ExtraField): Names {
  return isIssueKey(text) && custom !== 'labels' && (custom !== undefined || type !== 'array') ? { [issueKey(text)]: text } : {}
}

/**
 * What a person would call a value. The order matters: users have a `displayName`, options a `value`, and a project's
 * or an issue's name belongs to it and may change alone, so its key stands for it.
 */
function named(kind: string, { displayName, value, key, name, title, label, id, accountId, groupId, child }: Properties): Valued | undefined {
  if (isText(displayName)) return entry(personKey, [accountId, name, key, id], displayName)
  if (isText(value) || typeof value === 'number') {
    const below = typeof child === 'object' && child !== null ? named('option', child as Properties) : undefined
    const option = isText(value) ? entry((one) => `option ${one}`, [id], value) : bare(value)
    return { value: option.value, names: { ...option.names, ...below?.names } }
  }
  if (isText(key)) return isIssueKey(key) ? entry(issueKey, [id, key], key) : entry((one) => `key ${one}`, [id], key)
  const called = [name, title, label].find(isText)
  return called === undefined ? undefined : entry((one) => `${kind} ${one}`, [id, groupId], called)
}

/** A shell around one thing that has a name, as around the request type of a service project. */
function onlyNamed(properties: Properties): Valued | undefined {
  const inner = Object.entries(properties).flatMap(([key, part]) => {
    if (key.startsWith('_') || typeof part !== 'object' || part === null || Array.isArray(part)) return []
    return named(key.toLowerCase(), part as Properties) ?? []
  })
  return inner.length === 1 ? inner[0] : undefined
}

/** The last resort: what the server gave, in an order of our own, without addresses. */
function asItIs(properties: Properties): Valued | undefined {
  const { id, ...others } = properties
  const value = cleaned(others, 0)
  if (value !== undefined) return bare(cleaned(properties, 0) ?? value)
  return typeof id === 'string' || typeof id === 'number' ? bare(id) : undefined
}

const ADDRESSES = new Set(['self', 'avatarUrls', 'iconUrl', 'iconUrls'])

function cleaned(raw: unknown, depth: number): Json | undefined {
  if (isEmpty(raw) || depth > MAX_DEPTH) return undefined
  if (typeof raw !== 'object' || raw === null) return raw as Json
  if (Array.isArray(raw)) {
    const items = raw.map((item: unknown) => cleaned(item, depth + 1)).filter((item) => item !== undefined)
    return items.length === 0 ? undefined : items
  }
  const kept = Object.entries(raw)
    .filter(([key]) => !key.startsWith('_') && !ADDRESSES.has(key))
    .map(([key, part]) => [key, cleaned(part, depth + 1)] as const)
    .filter((one): one is [string, Json] => one[1] !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/** A sprint's name and state change without its issues: ids only. Old Data Centers write a sprint as text. */
function sprintIds(raw: unknown): Valued | undefined {
  const items = Array.isArray(raw) ? (raw as unknown[]) : [raw]
  const ids = items
    .map((item) => (typeof item === 'string' ? Number(/\bid=(\d+)/.exec(item)?.[1]) : Number((item as Properties | null)?.['id'] ?? item)))
    .filter((id) => Number.isSafeInteger(id))
  return ids.length === 0 ? undefined : bare(ids)
}

function bare(value: Json): Valued {
  return { value, names: {} }
}

function entry(keyOf: (id: string) => string, ids: readonly unknown[], name: string): Valued {
  const id = ids.find((one) => isText(one) || typeof one === 'number')
  return { value: name, names: id === undefined ? {} : { [keyOf(String(id))]: name } }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
