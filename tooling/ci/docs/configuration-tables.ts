import { ENVIRONMENT_KEYS, FLAG_KEYS } from '../../../packages/core/src/config/environment.ts'
import { SAFE_DIRECTORIES } from '../../../packages/core/src/config/trusted-owners.ts'
import { hostJsonSchema } from '../../../packages/core/src/config/json-schema.ts'
import { isSchema } from '../../../packages/core/src/config/schema-nodes.ts'
import type { JsonSchema } from '../../../packages/core/src/config/schema-nodes.ts'
import { markdownTable } from './markdown-table.ts'

/** The tables of `docs/configuration.md` by the name of their section, made from the schemas. */
export function configurationTables(): ReadonlyMap<string, string> {
  const host = hostJsonSchema()
  const global = property(host, 'global')
  const sections = new Map<string, string>()
  for (const [name, schema] of Object.entries(properties(global))) sections.set(`global.${name}`, keyTable(schema))
  const project = record(property(host, 'projects'))
  sections.set('project', keyTable(project))
  sections.set('source', keyTable(record(record(property(host, 'sources')))))
  sections.set('environment', environmentTable())
  sections.set('flags', markdownTable(['flag', 'key'], FLAG_KEYS.map(({ flag, path }) => [`\`--${flag}\``, `\`${path.join('.')}\``])))
  return sections
}

/** A table of the keys of a section, those of inner sections with dots. Works for the schema of a connector too. */
function keyTable(schema: JsonSchema): string {
  return markdownTable(['key', 'type', 'default', 'allowed', 'meaning'], rowsOf(schema, ''))
}

function environmentTable(): string {
  const rows = ENVIRONMENT_KEYS.map(({ variable, path, description }) => [`\`${variable}\``, `\`${path.join('.')}\``, description])
  const config = ['`QDRANT_LOADER_CONFIG`', '', 'Path of the configuration file, when there is no `--config`.']
  const safe = [`\`${SAFE_DIRECTORIES}\``, '', 'Folders in which a configuration and connectors are used whoever owns them, separated as in `PATH`; `*` for every folder.']
  return markdownTable(['variable', 'key', 'meaning'], [...rows, config, safe])
}

function rowsOf(schema: JsonSchema, prefix: string): readonly (readonly string[])[] {
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly unknown[]) : []
  return Object.entries(properties(schema)).flatMap(([key, inner]) => {
    const name = `${prefix}${key}`
    if (Object.keys(properties(inner)).length > 0) return rowsOf(inner, `${name}.`)
    return [[`\`${name}\``, typeOf(inner), defaultOf(inner, required.includes(key)), allowed(inner), text(inner['description'])]]
  })
}

function typeOf(schema: JsonSchema): string {
  if (schema['x-unit'] === 'duration') return 'duration'
  if (Array.isArray(schema['enum'])) return 'choice'
  const branches = [schema['anyOf'], schema['oneOf']].find(Array.isArray)
  if (branches !== undefined) return [...new Set(branches.filter(isSchema).map(typeOf))].join(' or ')
  const items = isSchema(schema['items']) ? ` of ${typeOf(schema['items'])}` : ''
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    array: `list${items}`,
    object: 'section',
  }
  return `${words[text(schema['type'])] ?? ''}${schema['writeOnly'] === true ? ', secret' : ''}`
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return 'required'
  const value = schema['default']
  if (value === undefined || (typeof value === 'object' && value !== null)) return ''
  return `\`${String(value)}\``
}

function allowed(schema: JsonSchema): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `\`${String(value)}\``).join(', ')
  const [least, most] = [schema['x-minimum'] ?? schema['minimum'], schema['x-maximum'] ?? schema['maximum']]
  if (isBound(least) && isBound(most)) return `${least} to ${most}`
  if (isBound(least)) return `${least} or more`
  return isBound(most) ? `up to ${most}` : ''
}

// The ends of what a double holds exactly are the schema library's, not the author's.
function isBound(value: unknown): value is number | string {
  return typeof value === 'string' || (typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER)
}

function properties(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return isSchema(schema['properties']) ? (schema['properties'] as Readonly<Record<string, JsonSchema>>) : {}
}

function property(schema: JsonSchema, name: string): JsonSchema {
  return properties(schema)[name] ?? {}
}

function record(schema: JsonSchema): JsonSchema {
  return isSchema(schema['additionalProperties']) ? schema['additionalProperties'] : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
