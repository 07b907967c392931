import type { FieldDetails } from './field-details.ts'
import { ambiguousField, unknownField, unsupportedField } from './jira-errors.ts'

/** A field of `extra_fields`, found in Jira. */
export interface ExtraField {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly items: string | undefined
  /** The last part of the type of a custom field: `textarea`, `gh-sprint`. */
  readonly custom: string | undefined
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

/**
 * Finds the fields that the user named, by id or by name.
 *
 * @throws LoaderError (config) for a name that is unknown or stands for several fields, with what to write instead.
 */
export function resolveFields(names: readonly string[], all: readonly FieldDetails[]): readonly ExtraField[] {
  const found = names.map((name) => resolveField(name, all))
  return found.filter((field, at) => found.findIndex(({ id }) => id === field.id) === at)
}

function resolveField(wanted: string, all: readonly FieldDetails[]): ExtraField {
  const lower = wanted.toLowerCase()
  const exact = all.filter(({ id, name }) => id === wanted || name === wanted)
  const candidates = exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase() === lower)
  const byId = candidates.find(({ id }) => id === wanted)
  const [field, ...others] = byId ? [byId] : candidates
  if (field === undefined) throw unknownField(wanted, namesLike(wanted, all))
  if (others.length > 0) throw ambiguousField(wanted, candidates.map(({ id }) => id).toSorted())
  const reason = NEVER.get(field.id)
  if (reason !== undefined) throw unsupportedField(wanted, reason)
  return {
    id: field.id,
    name: field.name,
    type: field.schema?.type ?? 'any',
    items: field.schema?.items,
    custom: field.schema?.custom?.split(':').at(-1),
  }
}

function namesLike(wanted: string, all: readonly FieldDetails[]): readonly string[] {
  return [...new Set(all.map(({ name }) => name))]
    .map((name) => ({ name, far: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(2, wanted.length / 3) || name.toLowerCase().includes(wanted.toLowerCase()))
    .toSorted((one, other) => one.far - other.far)
    .slice(0, 3)
    .map(({ name }) => name)
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
