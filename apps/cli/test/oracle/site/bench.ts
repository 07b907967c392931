import { createPublicDocsConnector } from '@qdrant-loader/connector-public-docs'
import type { PublicDocsConnectorOptions } from '@qdrant-loader/connector-public-docs'
import type { SiteSimulator } from '@qdrant-loader/simulators'
import type { SyncBenchOptions } from '../sync-bench.ts'

/** Options of a bench that reads a simulated site, by the site's clock. Pauses pass on a clock that nobody waits for. */
export function siteBenchOptions(
  site: SiteSimulator,
  config: () => Readonly<Record<string, unknown>> = () => ({}),
  connector: PublicDocsConnectorOptions = {},
): SyncBenchOptions {
  let slept = 0
  const plugin = createPublicDocsConnector({
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      slept += ms
    },
    now: () => Date.now() + slept,
    ...connector,
  })
  return {
    plugin: plugin as SyncBenchOptions['plugin'],
    config: () => ({ base_url: `${site.url}/`, allow_private_networks: true, requests_per_minute: 1_000_000, ...config() }),
    now: () => site.world.now,
  }
}
