import { closest, distance } from 'fastest-levenshtein'
import type { SchemaIssue } from '@qdrant-loader/connector-sdk'
import type { ConfigPath } from './config-error.ts'
import { allowedTypes, isSecret, namedKeys, schemasAt } from './schema-nodes.ts'
import type { JsonSchema } from './schema-nodes.ts'

/** What an issue is about, and what to say. */
export interface IssueDescription {
  readonly code: 'config_unknown_key' | 'config_missing_key' | 'config_invalid_value'
  readonly path: ConfigPath
  /** Without the path. */
  readonly message: string
}

/** What is needed to put an issue into words. */
export interface IssueContext {
  /** The value that was validated. */
  readonly value: unknown
  /** Its JSON Schema (input side). */
  readonly schema: JsonSchema
  /** True for values that came out of a variable: they are not repeated in messages. */
  readonly isReference: (path: ConfigPath) => boolean
}

/** The fields of Zod's issues that say more than their message; issues of other libraries lack them. */
interface ZodIssueDetail {
  readonly code?: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly SchemaIssue[])[]
  readonly issues?: readonly SchemaIssue[]
  readonly origin?: string
  readonly minimum?: number | bigint
  readonly maximum?: number | bigint
  readonly inclusive?: boolean
}

/**
 * Puts an issue of a Standard Schema into plain words, by what the JSON Schema says at its path; works for schemas of
 * connectors too. One issue about several unknown keys becomes several descriptions.
 */
export function describeIssue(issue: SchemaIssue, context: IssueContext): readonly IssueDescription[] {
  const detail = issue as ZodIssueDetail
  const path = issuePath(issue)
  const unknown = unknownKeys(detail, path, context)
  if (unknown.length > 0) return unknown.map((key) => describeUnknownKey(key, context))
  if (detail.code === 'invalid_union') return describeUnion(detail, path, context)
  if (detail.code === 'invalid_key') {
    return [{ code: 'config_invalid_value', path, message: `this name ${detail.issues?.[0]?.message ?? 'is not allowed'}` }]
  }
  if (detail.code === 'invalid_type' || detail.code === 'invalid_value') return [describeValue(path, context)]
  const range = rangeMessage(detail, path, context)
  return [{ code: 'config_invalid_value', path, message: range ?? issue.message }]
}

/** The path of an issue with its keys as texts. */
function issuePath(issue: SchemaIssue): ConfigPath {
  return (issue.path ?? []).map((key) => String(typeof key === 'object' ? key.key : key))
}

// Zod names unknown keys in one issue at their parent; Valibot and others put the key itself at the end of the path.
function unknownKeys(detail: ZodIssueDetail, path: ConfigPath, { schema }: IssueContext): readonly ConfigPath[] {
  if (detail.code === 'unrecognized_keys') return (detail.keys ?? []).map((key) => [...path, key])
  if (path.length === 0 || schemasAt(schema, path).length > 0) return []
  const parents = schemasAt(schema, path.slice(0, -1))
  return namedKeys(parents).length > 0 && parents.some((node) => node['additionalProperties'] === false) ? [path] : []
}

function describeUnknownKey(path: ConfigPath, { schema }: IssueContext): IssueDescription {
  const key = path.at(-1) ?? ''
  const valid = namedKeys(schemasAt(schema, path.slice(0, -1)))
  const nearest = nearestOf(key, valid)
  const known = valid.length > 0 ? `; the keys here are ${valid.join(', ')}` : ''
  const message = nearest === undefined ? `unknown key${known}` : `unknown key; did you mean ${nearest}?`
  return { code: 'config_unknown_key', path, message }
}

/** The candidate that the text was probably meant to be, undefined when none is near. */
export function nearestOf(text: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_. ]/g, '')
  const same = candidates.find((candidate) => plain(candidate) === plain(text))
  if (same !== undefined) return same
  const nearest = closest(text, candidates)
  return distance(text, nearest) <= Math.max(2, Math.ceil(Math.max(text.length, nearest.length) * 0.4)) ? nearest : undefined
}

// Of the branches of a union the one whose type fits says what is really wrong (a bad entry of a list, for example).
function describeUnion(detail: ZodIssueDetail, path: ConfigPath, context: IssueContext): readonly IssueDescription[] {
  const branch = detail.errors?.find((issues) => issues.every((issue) => !isAboutType(issue)))
  if (branch === undefined || branch.length === 0) return [describeValue(path, context)]
  return branch.flatMap((issue) => describeIssue({ ...issue, path: [...path, ...issuePath(issue)] }, context))
}

function isAboutType(issue: SchemaIssue): boolean {
  const { code } = issue as ZodIssueDetail
  return issuePath(issue).length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}

function describeValue(path: ConfigPath, context: IssueContext): IssueDescription {
  const nodes = schemasAt(context.schema, path)
  const value = valueAt(context.value, path)
  const expected = expectation(nodes)
  if (value === undefined || value === null) {
    return { code: 'config_missing_key', path, message: `is missing; it must be ${expected}` }
  }
  const given = isSecret(nodes) || context.isReference(path) ? '' : ` (it is ${inWords(value)})`
  const options = enumValues(nodes)
  const nearest = typeof value === 'string' && given !== '' ? nearestOf(value, options) : undefined
  const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`
  const quotes = expected === 'a text' && typeof value !== 'object' ? '; put it in quotes' : ''
  return { code: 'config_invalid_value', path, message: `must be ${expected}${given}${suggestion}${quotes}` }
}

function expectation(nodes: readonly JsonSchema[]): string {
  const options = enumValues(nodes)
  if (options.length > 0) return options.length === 1 ? `${options[0]}` : `one of ${options.join(', ')}`
  if (nodes.some((node) => node['x-unit'] === 'duration')) return 'a duration with a unit, such as 30s, 5m or 24h'
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a section with keys of its own',
  }
  const phrases = [...allowedTypes(nodes)].flatMap((type) => words[type] ?? [])
  return phrases.length === 0 ? 'another value' : phrases.join(' or ')
}

function enumValues(nodes: readonly JsonSchema[]): readonly string[] {
  return nodes.flatMap((node) => (Array.isArray(node['enum']) ? node['enum'].map(String) : 'const' in node ? [String(node['const'])] : []))
}

function rangeMessage(detail: ZodIssueDetail, path: ConfigPath, context: IssueContext): string | undefined {
  if (detail.code !== 'too_small' && detail.code !== 'too_big') return undefined
  const nodes = schemasAt(context.schema, path)
  const limit = detail.code === 'too_small' ? detail.minimum : detail.maximum
  const bound = detail.code === 'too_small' ? 'at least' : 'at most'
  if (detail.origin === 'string') return limit === 1 ? 'must not be empty' : `must have ${bound} ${limit} characters`
  if (detail.origin === 'array') return `must have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  const value = valueAt(context.value, path)
  const given = context.isReference(path) || isSecret(nodes) ? '' : ` (it is ${inWords(value)})`
  const lowest = nodes.find((node) => typeof node['minimum'] === 'number')?.['minimum']
  const highest = nodes.find((node) => typeof node['maximum'] === 'number')?.['maximum']
  if (isLimit(lowest) && isLimit(highest)) return `must be between ${lowest} and ${highest}${given}`
  const compared = detail.inclusive === false ? (detail.code === 'too_small' ? 'more than' : 'less than') : bound
  return `must be ${compared} ${limit}${given}`
}

// The ends of what a double holds exactly are Zod's, not the author's.
function isLimit(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a section'
  if (typeof value !== 'string') return `${value as number | boolean}`
  if (value === '') return 'empty'
  return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}
