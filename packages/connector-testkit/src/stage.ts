import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import { MemoryHost } from './memory-host.ts'
import type { MakeWorld, World } from './world.ts'

/** A world with the connector under test and hosts that read it. */
export interface Stage<Config, Cursor> {
  readonly world: World
  readonly plugin: ConnectorPlugin<Config, Cursor>
  /** The host whose state is kept from sync to sync. */
  readonly host: MemoryHost<Config, Cursor>
  /** Another host with nothing in its state and an empty cache: a clean build. */
  fresh(): MemoryHost<Config, Cursor>
  /** Changes the world and settles it. */
  change(work: (world: World) => Promise<void>): Promise<void>
}

/** What a law is called with: plays one scene in a world of its own and cleans up after it. */
export type Play<Config, Cursor> = (scene: (stage: Stage<Config, Cursor>) => Promise<void>) => Promise<void>

/** Makes the {@link Play} of a connector and its worlds. */
export function stageFor<Config, Cursor>(plugin: ConnectorPlugin<Config, Cursor>, makeWorld: MakeWorld): Play<Config, Cursor> {
  return async (scene) => {
    const folder = await mkdtemp(join(tmpdir(), 'connector-testkit-'))
    const world = await makeWorld()
    let hosts = 0
    const fresh = () =>
      new MemoryHost({
        plugin,
        config: world.config,
        configDirectory: folder,
        cacheDirectory: join(folder, `cache-${hosts++}`),
        ...(world.now && { now: () => world.now?.() ?? 0 }),
      })
    try {
      await scene({
        world,
        plugin,
        host: fresh(),
        fresh,
        change: async (work) => {
          await work(world)
          await world.settle?.()
        },
      })
    } finally {
      await world.dispose?.()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  }
}
