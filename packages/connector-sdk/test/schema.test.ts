import { expect, it } from 'vitest'
import { z } from 'zod'
import { defineConnector } from '../src/index.ts'
import type { ConnectorPlugin, Schema } from '../src/index.ts'

const Config = z.strictObject({
  folder: z.string().min(1).describe('Where the notes are.'),
  size: z.string().default('1MB').transform(Number.parseFloat),
  token: z.string().optional().meta({ writeOnly: true }),
})

// It compiles: a schema of Zod is one of the SDK as it is, and its output is what the connector gets.
const schema: Schema<{ readonly folder: string; readonly size: number; readonly token?: string | undefined }> = Config

it('a schema of Zod validates as the SDK asks it to', async () => {
  const { validate } = schema['~standard']
  expect(await validate({ folder: 'notes' })).toEqual({ value: { folder: 'notes', size: 1 } })
  const { issues } = await validate({ folder: '', colour: 'red' })
  expect(issues?.map(({ path }) => path)).toEqual([['folder'], []])
})

it('it describes what a user writes, not what comes out, and marks what is secret', () => {
  const { properties } = schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
  expect(properties).toMatchObject({
    folder: { type: 'string', description: 'Where the notes are.' },
    size: { type: 'string', default: '1MB' },
    token: { type: 'string', writeOnly: true },
  })
})

it('a connector is what its author wrote: nothing is added that the host would have to know', () => {
  const written = {
    apiVersion: 1,
    type: 'notes',
    configSchema: schema,
    cursorSchema: z.strictObject({ version: z.literal(1) }),
    capabilities: { identity: 'location', judges: false, reportsDeletions: false },
    fingerprints: ({ folder }: { readonly folder: string }) => ({ selection: folder, extraction: 1 }),
    open: () => Promise.reject(new Error('it is not opened here')),
  } as const satisfies ConnectorPlugin<z.output<typeof Config>, { version: 1 }>
  expect(defineConnector(written)).toBe(written)
})
