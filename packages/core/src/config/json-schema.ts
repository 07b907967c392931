import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import HOST_SCHEMA from './host-schema.json' with { type: 'json' }
import { isSchema } from './schema-nodes.ts'
import type { JsonSchema } from './schema-nodes.ts'

const REFERENCE = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}' } as const

const schemas = new WeakMap<ConnectorPlugin, JsonSchema>()

/**
 * The JSON Schema of the host's keys; those of sources are open. `pnpm run docs` makes it of `ConfigFile`: that takes
 * longer than reading a configuration, which every command does.
 */
export function hostJsonSchema(): JsonSchema {
  return HOST_SCHEMA
}

/** The JSON Schema of a connector's own keys. Made once: every load of a configuration asks twice. */
export function connectorJsonSchema(connector: ConnectorPlugin): JsonSchema {
  const known = schemas.get(connector)
  if (known !== undefined) return known
  const schema = connector.configSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
  schemas.set(connector, schema)
  return schema
}

/**
 * The JSON Schema of a configuration file, for editors. `sources.<type>` is described by each connector given; other
 * types are accepted with any keys. A reference such as `${NAME}` fits everywhere.
 */
export function configJsonSchema(connectors: readonly ConnectorPlugin[] = []): JsonSchema {
  const host = hostJsonSchema()
  const definitions: Record<string, unknown> = {}
  const sources = sourcesSchema(connectors, hostKeysOf(host), definitions)
  const properties = { ...(host['properties'] as Record<string, JsonSchema>) }
  const project = (properties['projects']?.['additionalProperties'] ?? {}) as JsonSchema
  const inProject = { ...(project['properties'] as Record<string, JsonSchema>) }
  definitions['sources'] = sources
  properties['sources'] = withSources(properties['sources'])
  inProject['sources'] = withSources(inProject['sources'])
  properties['projects'] = { ...properties['projects'], additionalProperties: { ...project, properties: inProject } }
  properties['defaults'] = { ...properties['defaults'], ...defaultsSchema(connectors) }
  const required = requiredKeys(connectors)
  const schema = {
    title: 'Configuration of qdrant-loader',
    ...host,
    properties,
    // A key that a source must have may stand in the defaults instead.
    if: { not: { required: ['defaults'] } },
    then: { properties: { sources: required, projects: { additionalProperties: { properties: { sources: required } } } } },
    $defs: definitions,
  }
  return acceptExtensions(acceptReferences(schema)) as JsonSchema
}

function defaultsSchema(connectors: readonly ConnectorPlugin[]): JsonSchema {
  return { type: 'object', properties: Object.fromEntries(connectors.map(({ type }) => [type, { $ref: `#/$defs/source-${type}` }])) }
}

function requiredKeys(connectors: readonly ConnectorPlugin[]): JsonSchema {
  const types = connectors.map((connector) => {
    const { required = [] } = connectorJsonSchema(connector)
    return [connector.type, { additionalProperties: { required } }]
  })
  return { properties: Object.fromEntries(types) as unknown }
}

// Keys that begin with `x-` are the user's own; see `dropExtensionKeys`. Inside sources they stand beside its keys only.
function acceptExtensions(schema: unknown): unknown {
  if (!isSchema(schema)) return schema
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside)
    if (!isSchema(value)) return value
    const result = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item)]))
    return value['additionalProperties'] === false ? { ...result, patternProperties: { '^x-': {} } } : result
  }
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  const outer = { ...properties, global: inside(properties['global']), projects: inside(properties['projects']) }
  return { ...schema, properties: outer, patternProperties: { '^x-': {} } }
}

function withSources(written: JsonSchema | undefined): JsonSchema {
  return { description: written?.['description'] ?? '', $ref: '#/$defs/sources' }
}

function sourcesSchema(
  connectors: readonly ConnectorPlugin[],
  hostKeys: Readonly<Record<string, unknown>>,
  definitions: Record<string, unknown>,
): JsonSchema {
  const types: Record<string, unknown> = {}
  for (const connector of connectors) {
    const name = `source-${connector.type}`
    definitions[name] = withKeys(rebase(withoutRequired(connectorJsonSchema(connector)), `#/$defs/${name}`) as JsonSchema, hostKeys)
    types[connector.type] = { type: 'object', additionalProperties: { $ref: `#/$defs/${name}` } }
  }
  const anyType = { type: 'object', additionalProperties: { type: 'object', properties: hostKeys } }
  return { type: 'object', properties: types, additionalProperties: anyType }
}

function hostKeysOf(host: JsonSchema): Readonly<Record<string, unknown>> {
  let node: unknown = host
  for (const key of ['properties', 'sources', 'additionalProperties', 'additionalProperties', 'properties']) {
    node = isSchema(node) ? node[key] : undefined
  }
  return isSchema(node) ? node : {}
}

// A connector's schema usually forbids unknown keys, so the host's have to be named in it, in each of its branches.
function withKeys(schema: JsonSchema, keys: Readonly<Record<string, unknown>>): JsonSchema {
  const result: Record<string, unknown> = { ...schema }
  if (isSchema(schema['properties'])) {
    result['properties'] = { ...schema['properties'], ...keys }
    result['patternProperties'] = { '^x-': {} }
  }
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[key]
    if (Array.isArray(branches)) result[key] = branches.map((branch: unknown) => (isSchema(branch) ? withKeys(branch, keys) : branch))
  }
  return result
}

function withoutRequired({ required: _required, ...schema }: JsonSchema): JsonSchema {
  return schema
}

// References inside a connector's schema begin at its own root, which is a definition here.
function rebase(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((item) => rebase(item, root))
  if (!isSchema(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$schema')
      .map(([key, item]) => [
        key,
        key === '$ref' && typeof item === 'string' && item.startsWith('#') ? `${root}${item.slice(1)}` : rebase(item, root),
      ]),
  )
}

// What a reference stands for is known only when the file is loaded, so an editor must not call it wrong.
function acceptReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(acceptReferences)
  if (!isSchema(value)) return value
  const result = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'default' || key === 'enum' ? item : acceptReferences(item)]),
  )
  const isOpenText = value['type'] === 'string' && !('pattern' in value) && !('enum' in value) && !('format' in value)
  if (!['string', 'number', 'integer', 'boolean'].includes(String(value['type'])) || isOpenText) return result
  const { description, default: fallback, writeOnly, ...constraint } = result
  const outer = { description, default: fallback, writeOnly }
  return {
    ...Object.fromEntries(Object.entries(outer).filter(([, item]) => item !== undefined)),
    anyOf: [constraint, REFERENCE],
  }
}
