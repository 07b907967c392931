import { expect, it } from 'vitest'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import type { Play } from '../stage.ts'

const NO_CURSORS = [null, 42, 'garbage', [], { garbage: true }].map((value) => ({ value }))

/** What a connector is, before it detects anything. */
export function contractLaws<Config, Cursor>(plugin: ConnectorPlugin<Config, Cursor>, play: Play<Config, Cursor>): void {
  it('is a connector of version 1 with a type that can be a key', () => {
    expect(plugin.apiVersion).toBe(1)
    expect(plugin.type).toMatch(/^[a-z][a-z0-9-]*$/)
  })

  it('accepts its configuration, and no key that it does not know', () =>
    play(async ({ world }) => {
      const { validate, jsonSchema } = plugin.configSchema['~standard']
      expect((await validate(world.config)).issues).toBeUndefined()
      const unknown = await validate({ ...world.config, 'no-such-key': true })
      expect(unknown.issues?.length).toBeGreaterThan(0)
      const schema = jsonSchema.input({ target: 'draft-2020-12' })
      expect(Object.keys(schema['properties'] as object)).toEqual(expect.arrayContaining(Object.keys(world.config)))
    }))

  it('gives fingerprints that are plain data and depend on the configuration alone', () =>
    play(async ({ world }) => {
      const validate = async () => {
        const parsed = await plugin.configSchema['~standard'].validate(world.config)
        if (parsed.issues) throw new Error('the configuration is not valid')
        return plugin.fingerprints(parsed.value)
      }
      const fingerprints = await validate()
      expect(JSON.parse(JSON.stringify(fingerprints))).toEqual(fingerprints)
      expect(await validate()).toEqual(fingerprints)
      for (const secret of world.secrets ?? []) expect(JSON.stringify(fingerprints)).not.toContain(secret)
    }))

  it.each(NO_CURSORS)('does not take a cursor that is none: %j', async ({ value }) => {
    expect((await plugin.cursorSchema['~standard'].validate(value)).issues).toBeDefined()
  })

  it('judges if and only if it says so', () =>
    play(async ({ host }) => {
      const { source } = await host.open()
      try {
        expect(typeof source.detector.judge === 'function').toBe(plugin.capabilities.judges)
      } finally {
        await source.close(undefined)
      }
    }))

  it('says in one line what it sees when it is checked', () =>
    play(async ({ host, change }) => {
      await change(async (world) => world.write('alpha', '# Alpha\n\nOne.\n'))
      const { source } = await host.open()
      try {
        const said = await source.check(new AbortController().signal)
        expect(said).toMatch(/^[^\n]+$/)
      } finally {
        await source.close(undefined)
      }
    }))
}
