import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { configJsonSchema } from './json-schema.ts'
import { isSchema, namedKeys, schemasAt } from './schema-nodes.ts'

interface Folder {
  readonly name: string
  readonly folders?: readonly Folder[] | undefined
}
const FolderSchema: z.ZodType<Folder> = z.strictObject({
  name: z.string(),
  get folders() {
    return z.array(FolderSchema).optional()
  },
})

function plugin(type: string, configSchema: ConnectorPlugin['configSchema']): ConnectorPlugin {
  return defineConnector({
    apiVersion: 1,
    type,
    configSchema,
    cursorSchema: z.unknown(),
    capabilities: { identity: 'location', judges: false, reportsDeletions: true },
    fingerprints: () => ({ selection: null, extraction: null }),
    open: () => Promise.reject(new Error('not opened by these tests')),
  })
}

const files = plugin('files', z.strictObject({ root: FolderSchema, depth: z.int().min(1).default(2) }))
const either = plugin('either', z.union([z.strictObject({ url: z.string() }), z.strictObject({ path: z.string() })]))

test('sources are described by the connectors, with the keys of the host beside their own', () => {
  const schema = configJsonSchema([files, either])
  for (const base of [['sources'], ['projects', 'p', 'sources']]) {
    expect(namedKeys(schemasAt(schema, [...base, 'files', 'x'])).toSorted()).toEqual(['change_detection', 'depth', 'package', 'root'])
    expect(namedKeys(schemasAt(schema, [...base, 'either', 'x'])).toSorted()).toEqual(['change_detection', 'package', 'path', 'url'])
    expect(namedKeys(schemasAt(schema, [...base, 'other', 'x'])).toSorted()).toEqual(['change_detection', 'package'])
    expect(namedKeys(schemasAt(schema, [...base, 'files', 'x', 'change_detection']))).toContain('interval')
    // A schema that refers to itself still does so from where it stands now.
    expect(namedKeys(schemasAt(schema, [...base, 'files', 'x', 'root', 'folders', '0', 'folders', '0']))).toEqual(['name', 'folders'])
  }
})

test('every reference inside it leads somewhere', () => {
  const schema = configJsonSchema([files, either])
  const references: string[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (!isSchema(value)) return
    if (typeof value['$ref'] === 'string') references.push(value['$ref'])
    Object.values(value).forEach(visit)
  }
  visit(schema)
  expect(references.length).toBeGreaterThan(3)
  for (const reference of references) {
    const target = reference.slice(2).split('/').reduce<unknown>((node, key) => (isSchema(node) ? node[key] : undefined), schema)
    expect(isSchema(target), reference).toBe(true)
  }
})

test('says ranges, defaults, descriptions and secrets, and lets a reference stand for any value', () => {
  const schema = configJsonSchema()
  expect(schemasAt(schema, ['global', 'chunking', 'chunk_size'])).toEqual([
    expect.objectContaining({ default: 512, description: expect.any(String) as string }),
    expect.objectContaining({ type: 'integer', minimum: 16, maximum: 8_192 }),
    expect.objectContaining({ type: 'string', pattern: expect.stringContaining('\\$\\{') as string }),
  ])
  expect(schemasAt(schema, ['global', 'qdrant', 'api_key'])[0]).toMatchObject({ writeOnly: true })
})

test('every key has a description', () => {
  const missing: string[] = []
  const visit = (node: unknown, path: string): void => {
    if (!isSchema(node) || !isSchema(node['properties'])) return
    for (const [key, inner] of Object.entries(node['properties'])) {
      if (!isSchema(inner) || (inner['description'] === undefined && inner['properties'] === undefined)) missing.push(`${path}.${key}`)
      visit(inner, `${path}.${key}`)
    }
  }
  visit(configJsonSchema(), '')
  expect(missing).toEqual([])
})

test('it is plain JSON, of the dialect that editors read', () => {
  const schema = configJsonSchema([files])
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema')
})
