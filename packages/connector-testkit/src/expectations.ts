import { expect } from 'vitest'
import type { MemoryHost } from './memory-host.ts'
import type { Stage } from './stage.ts'

/** The host holds exactly the world's documents, text for text. */
export async function expectWorld(host: MemoryHost, { world }: Stage): Promise<void> {
  expect(sorted(host.texts)).toEqual(sorted(await world.documents()))
}

/** Every document of the world is held, text for text; what is gone may be there until a listing is due. */
export async function expectNothingMissing(host: MemoryHost, { world }: Stage): Promise<void> {
  const { texts } = host
  const documents = sorted(await world.documents())
  expect(documents.map(([id]) => [id, texts.get(id)])).toEqual(documents)
}

/** The host holds what a clean build holds, in every value that can reach a payload or a chunk. */
export async function expectCleanBuild(host: MemoryHost, stage: Stage): Promise<void> {
  const clean = stage.fresh()
  await clean.sync({ mode: 'full' })
  expect(visible(host)).toEqual(visible(clean))
  await expectWorld(clean, stage)
}

/** Everything of the held documents but `validators`, which stay between the connector and the host's state. */
export function visible(host: MemoryHost): unknown[] {
  return [...host.documents.values()]
    .map(({ stub: { validators: _validators, ...stub }, document }) => ({ ...stub, ...document }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

function sorted(texts: ReadonlyMap<string, string>): [string, string][] {
  return [...texts].toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/** No secret of the world is in what was told. */
export function expectNoSecrets({ world }: Pick<Stage, 'world'>, told: readonly unknown[]): void {
  const text = JSON.stringify(told)
  for (const [index, secret] of (world.secrets ?? []).entries()) {
    // The message must not repeat it either, so that a report can be passed on.
    if (text.includes(secret)) throw new Error(`secret ${index + 1} of the world is told: ${text.replaceAll(secret, '<the secret>').slice(0, 500)}`)
  }
}
