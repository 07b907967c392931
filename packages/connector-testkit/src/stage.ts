import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectorPlugin, RetryPolicy } from '@qdrant-loader/connector-sdk'
import { MemoryHost } from './memory-host.ts'
import type { ConformanceOptions, MakeWorld, World } from './world.ts'

/** The suite's hosts do not wait: one further try, so that retries happen, and no pause worth the name. */
const RETRY: RetryPolicy = { attempts: 1, delayMs: 1, maxDelayMs: 2, rateLimitPatienceMs: 20 }

/** How often a request is tried that fails. */
export const TRIES = RETRY.attempts + 1

/** A world with the connector under test and hosts that read it. What configurations and cursors are is the connector's business. */
export interface Stage {
  readonly world: World
  readonly plugin: ConnectorPlugin
  readonly options: ConformanceOptions
  /** The host whose state is kept from sync to sync. */
  readonly host: MemoryHost
  /** Another host with nothing in its state and an empty cache: a clean build. */
  fresh(): MemoryHost
  /** The same, with a clock that is so many milliseconds ahead of the world's. */
  ahead(ms: number): MemoryHost
  /** Another host with the state of this one and an empty cache. */
  withoutCache(host: MemoryHost): MemoryHost
  /** Changes the world and settles it. */
  change(work: (world: World) => Promise<void>): Promise<void>
  /** Plays a scene in another world, for a law that needs many. */
  readonly elsewhere: Play
}

/** Plays one scene in a world of its own and cleans up after it. */
export type Play = (scene: (stage: Stage) => Promise<void>) => Promise<void>

/** Makes the {@link Play} of a connector and its worlds. */
export function stageFor(plugin: ConnectorPlugin, makeWorld: MakeWorld, options: ConformanceOptions): Play {
  const play: Play = async (scene) => {
    const folder = await mkdtemp(join(tmpdir(), 'connector-testkit-'))
    const world = await makeWorld()
    let hosts = 0
    const emptyCache = () => join(folder, `cache-${hosts++}`)
    const ahead = (ms: number) =>
      new MemoryHost({
        plugin,
        config: world.config,
        configDirectory: folder,
        cacheDirectory: emptyCache(),
        retry: RETRY,
        secrets: world.secrets ?? [],
        now: () => (world.now?.() ?? Date.now()) + ms,
      })
    const fresh = () => ahead(0)
    try {
      await scene({
        world,
        plugin,
        options,
        elsewhere: play,
        host: fresh(),
        fresh,
        ahead,
        withoutCache: (host) => host.copy(emptyCache()),
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
  return play
}
