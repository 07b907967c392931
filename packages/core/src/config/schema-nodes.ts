import type { ConfigPath } from './config-error.ts'

/** A JSON Schema (draft 2020-12) as data. */
export type JsonSchema = Readonly<Record<string, unknown>>

const MAX_EXPANSION = 16

/**
 * The schemas that may apply to the value at `path`: references are followed, and the alternatives of `anyOf`, `oneOf`
 * and `allOf` are all in the answer. Empty where the schema says nothing.
 */
export function schemasAt(root: JsonSchema, path: ConfigPath): readonly JsonSchema[] {
  let nodes = expand(root, root)
  for (const key of path) {
    nodes = nodes.flatMap((node) => childSchemas(node, key)).flatMap((child) => expand(root, child))
  }
  return nodes
}

/** The keys that the schemas name. */
export function namedKeys(nodes: readonly JsonSchema[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => (isSchema(node['properties']) ? Object.keys(node['properties']) : [])))]
}

/** Types that the schemas allow: `string`, `integer`, `number`, `boolean`, `array`, `object`, `null`. */
export function allowedTypes(nodes: readonly JsonSchema[]): ReadonlySet<string> {
  const types = new Set<string>()
  for (const node of nodes) {
    for (const type of Array.isArray(node['type']) ? node['type'] : [node['type']]) {
      if (typeof type === 'string') types.add(type)
    }
    const values = Array.isArray(node['enum']) ? node['enum'] : 'const' in node ? [node['const']] : []
    for (const value of values) types.add(value === null ? 'null' : typeof value)
  }
  return types
}

/** True when one of the schemas marks a secret. */
export function isSecret(nodes: readonly JsonSchema[]): boolean {
  return nodes.some((node) => node['writeOnly'] === true)
}

/** True for an object that can be read as a schema. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function childSchemas(node: JsonSchema, key: string): readonly JsonSchema[] {
  const properties = node['properties']
  if (isSchema(properties) && Object.hasOwn(properties, key)) return isSchema(properties[key]) ? [properties[key]] : []
  if (/^\d+$/.test(key)) {
    const prefix = Array.isArray(node['prefixItems']) ? (node['prefixItems'] as readonly unknown[])[Number(key)] : undefined
    if (isSchema(prefix)) return [prefix]
    if (isSchema(node['items'])) return [node['items']]
  }
  return isSchema(node['additionalProperties']) ? [node['additionalProperties']] : []
}

function expand(root: JsonSchema, node: JsonSchema, depth = 0): readonly JsonSchema[] {
  if (depth > MAX_EXPANSION) return []
  const target = typeof node['$ref'] === 'string' ? resolveReference(root, node['$ref']) : undefined
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(node[key]) ? (node[key] as unknown[]) : []))
  return [node, ...[target, ...branches].filter(isSchema).flatMap((branch) => expand(root, branch, depth + 1))]
}

function resolveReference(root: JsonSchema, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined
  let value: unknown = root
  for (const segment of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~')
    value = isSchema(value) ? value[key] : undefined
  }
  return value
}
