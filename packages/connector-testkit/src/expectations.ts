import { expect } from 'vitest'
import type { MemoryHost } from './memory-host.ts'
import type { Stage } from './stage.ts'

/** The host holds exactly the world's documents, text for text. */
export async function expectWorld<Config, Cursor>(host: MemoryHost<Config, Cursor>, { world }: Stage<Config, Cursor>): Promise<void> {
  expect(sorted(host.texts)).toEqual(sorted(await world.documents()))
}

/** The host holds what a clean build holds, in every value that can reach a payload or a chunk. */
export async function expectCleanBuild<Config, Cursor>(
  host: MemoryHost<Config, Cursor>,
  stage: Stage<Config, Cursor>,
): Promise<void> {
  const clean = stage.fresh()
  await clean.sync({ mode: 'full' })
  expect(visible(host)).toEqual(visible(clean))
  await expectWorld(clean, stage)
}

/** Everything of the held documents but `validators`, which stay between the connector and the host's state. */
export function visible<Config, Cursor>(host: MemoryHost<Config, Cursor>): unknown[] {
  return [...host.documents.values()]
    .map(({ stub: { validators: _validators, ...stub }, document }) => ({ ...stub, ...document }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

function sorted(texts: ReadonlyMap<string, string>): [string, string][] {
  return [...texts].toSorted(([one], [other]) => (one < other ? -1 : 1))
}
