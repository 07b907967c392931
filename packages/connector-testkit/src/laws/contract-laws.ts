import { expect } from 'vitest'
import type { ConnectorFingerprints } from '@qdrant-loader/connector-sdk'
import { opened } from '../opened.ts'
import { law } from '../law.ts'
import type { Law } from '../law.ts'
import type { Stage } from '../stage.ts'
import { writeThree } from './write-three.ts'

const NO_CURSORS = [null, 42, 'garbage', [], { garbage: true }]

/** What a connector is, before it detects anything. */
export const contractLaws: readonly Law[] = [
  law('is of version 1 and has a type that can be a key', {
    otherwise: 'no configuration can name it',
    prove: async ({ plugin }) => {
      expect(plugin.apiVersion).toBe(1)
      expect(plugin.type).toMatch(/^[a-z][a-z0-9-]*$/)
    },
  }),

  law('accepts its configuration, and no key that it does not know', {
    otherwise: 'a misspelt key is ignored, and more or less is read than the user wants',
    prove: async ({ plugin, world }) => {
      const { validate, jsonSchema } = plugin.configSchema['~standard']
      expect((await validate(world.config)).issues).toBeUndefined()
      const unknown = await validate({ ...world.config, 'no-such-key': true })
      expect(unknown.issues?.length, 'issues with the key `no-such-key`').toBeGreaterThan(0)
      const schema = jsonSchema.input({ target: 'draft-2020-12' })
      expect(Object.keys(schema['properties'] as object)).toEqual(expect.arrayContaining(Object.keys(world.config)))
    },
  }),

  law('marks each key that holds a secret', {
    otherwise: '`config show` prints a token',
    needs: ['secrets'],
    prove: async ({ plugin, world }) => {
      const schema = plugin.configSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
      for (const path of secretPlaces(world.config, world.secrets ?? [])) {
        expect(isWriteOnly(schema, path), `\`writeOnly\` in the JSON Schema of \`${path.join('.')}\``).toBe(true)
      }
    },
  }),

  law('gives fingerprints that are plain data and depend on the configuration alone', {
    otherwise: 'every run lists and reads everything again',
    prove: async (stage) => {
      const fingerprints = await fingerprintsOf(stage)
      expect(JSON.parse(JSON.stringify(fingerprints))).toEqual(fingerprints)
      expect(await fingerprintsOf(stage)).toEqual(fingerprints)
      for (const secret of stage.world.secrets ?? []) expect(JSON.stringify(fingerprints)).not.toContain(secret)
    },
  }),

  law('does not take a cursor that is none', {
    otherwise: 'it goes on from nowhere, and misses what changed',
    prove: async ({ plugin }) => {
      for (const value of NO_CURSORS) {
        expect((await plugin.cursorSchema['~standard'].validate(value)).issues, `issues with the cursor ${JSON.stringify(value)}`).toBeDefined()
      }
    },
  }),

  law('takes back the cursors that it gives', {
    otherwise: 'each run lists everything, and nobody sees why',
    prove: async ({ plugin, host, change }) => {
      await change(writeThree)
      const first = await host.sync()
      await change(async (world) => world.write('alpha', '# Alpha\n\nEdited.\n'))
      for (const given of [...first.changes, ...(await host.sync()).changes]) {
        if (given.kind !== 'checkpoint' && given.kind !== 'complete') continue
        expect((await plugin.cursorSchema['~standard'].validate(given.cursor)).issues, `issues with ${JSON.stringify(given)}`).toBeUndefined()
      }
    },
  }),

  law('judges if and only if it says so', {
    otherwise: 'the host waits for answers that never come, or asks nobody',
    prove: ({ plugin, host }) =>
      opened(host, async ({ detector }) => expect(typeof detector.judge === 'function').toBe(plugin.capabilities.judges)),
  }),

  law('says in one line what it sees when it is checked', {
    otherwise: '`doctor` cannot show it',
    prove: async ({ host, change }) => {
      await change(writeThree)
      await opened(host, async (source) => expect(await source.check(new AbortController().signal)).toMatch(/^[^\n]+$/))
    },
  }),
]

/** Where a text with a secret is in a configuration, as keys from the root. */
function secretPlaces(value: unknown, secrets: readonly string[], path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'string') return secrets.some((secret) => value.includes(secret)) ? [path] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => secretPlaces(item, secrets, [...path, key]))
}

/** Follows `properties`, or `additionalProperties` for records. */
function isWriteOnly(schema: Readonly<Record<string, unknown>>, path: readonly string[]): boolean {
  const [key, ...rest] = path
  if (key === undefined) return schema['writeOnly'] === true
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Record<string, unknown>>>
  const next = properties[key] ?? schema['additionalProperties']
  return typeof next === 'object' && next !== null && isWriteOnly(next as Record<string, unknown>, rest)
}

async function fingerprintsOf({ plugin, world }: Stage): Promise<ConnectorFingerprints> {
  const parsed = await plugin.configSchema['~standard'].validate(world.config)
  if (parsed.issues) throw new Error(`the world's configuration is not valid: ${JSON.stringify(parsed.issues)}`)
  return plugin.fingerprints(parsed.value)
}
