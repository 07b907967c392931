import { parseArgs } from 'node:util'
import type { RunningSimulator } from '../simulator-run.ts'
import { portFrom } from '../simulator-run.ts'
import { generateSite } from './generated-site.ts'
import { SiteSimulator } from './site-simulator.ts'

export const usage = 'pnpm sim site [--pages 200] [--port 8088] [--churn none|build|request] [--sitemap] [--no-validators]'

/** Serves a generated manual. */
export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      pages: { type: 'string', default: '200' },
      port: { type: 'string', default: '8088' },
      churn: { type: 'string', default: 'none' },
      sitemap: { type: 'boolean', default: false },
      'no-validators': { type: 'boolean', default: false },
    },
  })
  const { pages, churn } = values
  if (!/^\d+$/.test(pages)) throw new Error(`not a number of pages: ${pages}`)
  if (churn !== 'none' && churn !== 'build' && churn !== 'request') throw new Error(`not a churn: ${churn}`)
  const simulator = await SiteSimulator.start({
    port: portFrom(values.port),
    churn,
    robots: { sitemap: true },
    ...(values.sitemap && { sitemap: 'plain', lastmod: 'honest' }),
    ...(values['no-validators'] && { etag: 'off', lastModified: 'off' }),
  })
  generateSite(simulator.world, Number(pages))
  const configuration = `sources:\n  public-docs:\n    manual:\n      base_url: ${simulator.url}/\n      allow_private_networks: true\n      requests_per_minute: 60000\n`
  return { url: `${simulator.url}/`, configuration, close: () => simulator.close() }
}
