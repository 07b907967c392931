import { formatDuration } from './duration.ts'
import { connectorJsonSchema, hostJsonSchema } from './json-schema.ts'
import { isSchema, schemasAt } from './schema-nodes.ts'
import type { JsonSchema } from './schema-nodes.ts'
import type { Secret } from '../secrets/secret-forms.ts'
import { collectSecrets, redactTree } from './secrets.ts'
import { originOf } from './settings.ts'
import type { Settings, SourceSettings } from './settings.ts'

/**
 * The effective configuration as a tree in the file's form, for printing: durations with units, every secret as
 * `***`, user names and passwords taken out of URLs. Keys without a value are absent.
 */
export function showSettings(settings: Settings): Record<string, unknown> {
  const schema = hostJsonSchema()
  const global = present(settings.global, schema, ['global'])
  const projects = settings.projects.map(({ id, displayName, description, sources }) => [
    id,
    { display_name: displayName, ...(description === undefined ? {} : { description }), sources: showSources(sources, schema) },
  ])
  return { ...(redactTree({ global }, schema) as Record<string, unknown>), projects: Object.fromEntries(projects) as unknown }
}

/** Each effective value of `global` with its key in dots and where it came from; secrets are `***`. */
export function listSettings(settings: Settings): readonly { readonly key: string; readonly value: unknown; readonly origin: string }[] {
  return leaves(showSettings(settings)['global'], ['global']).map(({ path, value }) => ({
    key: path.join('.'),
    value,
    origin: originOf(settings, path),
  }))
}

/**
 * Every secret that the settings hold, for a SecretVault: values of keys that are marked `writeOnly`, with the user
 * names beside them, and user names, passwords and keys inside URLs.
 */
export function secretsOf(settings: Settings): readonly Secret[] {
  const ofSources = settings.sources.flatMap((source) => collectSecrets(source.input, schemaOf(source)))
  return [...collectSecrets({ global: settings.global }, hostJsonSchema()), ...ofSources]
}

function showSources(sources: readonly SourceSettings[], schema: JsonSchema): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {}
  for (const source of sources) {
    const changeDetection = present(source.changeDetection, schema, ['global', 'change_detection'])
    const ofSource = schemaOf(source)
    const shown = redactTree(withDefaults(source.input, ofSource), ofSource) as Record<string, unknown>
    const packageKey = source.package === undefined ? {} : { package: source.package }
    result[source.sourceType] = {
      ...result[source.sourceType],
      [source.source]: { ...packageKey, ...shown, change_detection: changeDetection },
    }
  }
  return result
}

function schemaOf(source: SourceSettings): JsonSchema | undefined {
  return source.connector === undefined ? undefined : connectorJsonSchema(source.connector)
}

/** What a connector takes where the user wrote nothing, as its schema says, in objects inside of objects too. */
function withDefaults(input: unknown, schema: unknown): unknown {
  if (!isSchema(schema) || !isSchema(schema['properties'])) return input
  const written = isSchema(input) ? input : {}
  const defaults = Object.entries(schema['properties']).flatMap(([key, property]) => {
    const value = key in written ? written[key] : isSchema(property) ? property['default'] : undefined
    return value === undefined ? [] : [[key, withDefaults(value, property)] as const]
  })
  // In the order that the user wrote.
  return { ...written, ...Object.fromEntries(defaults) }
}

// Milliseconds go back to durations where the schema says that the key is one.
function present(value: unknown, schema: JsonSchema, path: readonly string[]): unknown {
  if (isSchema(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(entries.map(([key, item]) => [key, present(item, schema, [...path, key])]))
  }
  const isDuration = typeof value === 'number' && schemasAt(schema, path).some((node) => node['x-unit'] === 'duration')
  return isDuration ? formatDuration(value) : value
}

function leaves(value: unknown, path: readonly string[]): readonly { path: readonly string[]; value: unknown }[] {
  if (!isSchema(value)) return [{ path, value }]
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
}
