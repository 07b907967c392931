import type { Stage } from '../stage.ts'
import type { World } from '../world.ts'

/** Three documents to start with. */
export async function writeThree(world: World): Promise<void> {
  await world.write('alpha', '# Alpha\n\nThe first text.\n')
  await world.write('guide/beta', '# Beta\n\nThe second text.\n')
  await world.write('gamma', '# Gamma\n\nThe third text, with «signs» — and 漢字.\n')
}

/** The id of a document that the world made under a name: the one that `write` adds. */
export async function writtenId(stage: Stage, name: string, text: string): Promise<string> {
  const before = await stage.world.documents()
  await stage.change(async (world) => world.write(name, text))
  const added = [...(await stage.world.documents()).keys()].filter((id) => !before.has(id))
  const [id] = added
  if (id === undefined || added.length > 1) throw new Error(`the world made ${added.length} documents of "${name}"`)
  return id
}
