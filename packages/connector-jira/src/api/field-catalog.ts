import { jiraError } from '../codes.ts'
import type { FieldDetails } from '../schemas.ts'

/** A field of `extra_fields` or `content_fields`, found in Jira. */
export interface ExtraField {
  readonly id: string
  /** As Jira shows it; with its id where several of the fields that are read have the same name. */
  readonly name: string
  readonly type: string
  readonly items: string | undefined
  /** The last part of the type of a custom field: `textarea`, `gh-sprint`. */
  readonly custom: string | undefined
  /** Named in `content_fields`: its text is a section of the document, whatever Jira calls its type. */
  readonly section: boolean
}

/** The fields that a configuration names. */
export interface NamedFields {
  readonly content: readonly string[]
  readonly extra: readonly string[]
}

/** They change without the issue, or for each reader. */
const NEVER = new Map([
  ['comment', 'use `include_comments`'],
  ['attachment', 'attachments are not read'],
  ['worklog', 'work logs are not read'],
  ['watches', 'the number of watchers changes without the issue being updated'],
  ['votes', 'the number of votes changes without the issue being updated'],
  ['lastViewed', 'it differs from reader to reader'],
])

/** Types of custom fields that hold text to be searched. A URL is payload. */
const TEXT_TYPES = new Set(['textarea', 'textfield', 'readonlyfield', 'message-edit', 'message-view'])

/** True for a field whose values are always text. Fields of apps may hold text all the same. */
export function isTextField({ type, items, custom, section }: ExtraField): boolean {
  if (section) return type === 'string' || (type === 'array' && items === 'string')
  return type === 'string' && (custom === undefined || TEXT_TYPES.has(custom))
}

/**
 * Finds the fields that the user named, by id or by name; those of `content_fields` come first.
 *
 * @throws LoaderError (config) for a name that is unknown or stands for several fields, and for a field that cannot be
 *   read in that way, with what to write instead.
 */
export function resolveFields({ content, extra }: NamedFields, all: readonly FieldDetails[]): readonly ExtraField[] {
  const named = [...content.map((name) => resolveContentField(name, all)), ...extra.map((name) => resolveField(name, all))]
  const found = named.filter((field, at) => named.findIndex(({ id }) => id === field.id) === at)
  const isShared = (name: string): boolean => found.filter((field) => field.name === name).length > 1
  return found.map((field) => (isShared(field.name) ? { ...field, name: `${field.name} (${field.id})` } : field))
}

/** Types whose values never hold text to be searched. */
const NEVER_TEXT = /^(?:number|date|datetime|user|group|option|option-with-child|version|component|project|issuetype|status|priority|resolution|securitylevel|progress|timetracking|issuelinks?)$/

function resolveContentField(wanted: string, all: readonly FieldDetails[]): ExtraField {
  const field = resolveField(wanted, all)
  const kind = field.type === 'array' ? (field.items ?? 'any') : field.type
  if (NEVER_TEXT.test(kind) || field.custom === 'gh-sprint') throw jiraError('jira_unsupported_field/not_text', { field: wanted, type: kind })
  return { ...field, section: true }
}

function resolveField(wanted: string, all: readonly FieldDetails[]): ExtraField {
  const lower = wanted.toLowerCase()
  const exact = all.filter(({ id, name }) => id === wanted || name === wanted)
  const candidates = exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase() === lower)
  const byId = candidates.find(({ id }) => id === wanted)
  const [field, ...others] = byId ? [byId] : candidates
  if (field === undefined) throw jiraError('jira_unknown_field', { field: wanted, near: namesLike(wanted, all) })
  if (others.length > 0) throw jiraError('jira_ambiguous_field', { field: wanted, count: candidates.length, ids: candidates.map(({ id }) => id).toSorted().join(', ') })
  const reason = NEVER.get(field.id)
  if (reason !== undefined) throw jiraError('jira_unsupported_field', { field: wanted, reason })
  return {
    id: field.id,
    name: field.name,
    type: field.schema?.type ?? 'any',
    items: field.schema?.items,
    custom: field.schema?.custom?.split(':').at(-1),
    section: false,
  }
}

/** `"Team" or "Teams"`; undefined where nothing is like it. */
function namesLike(wanted: string, all: readonly FieldDetails[]): string | undefined {
  const near = [...new Set(all.map(({ name }) => name))]
    .map((name) => ({ name, far: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(2, wanted.length / 3) || name.toLowerCase().includes(wanted.toLowerCase()))
    .toSorted((one, other) => one.far - other.far)
    .slice(0, 3)
    .map(({ name }) => `"${name}"`)
  return near.length === 0 ? undefined : near.join(' or ')
}

/** Levenshtein distance. */
function distance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_none, at) => at)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[other.length] ?? 0
}
