import { basicAuth } from '../base/answer.ts'
import type { RunningSimulator } from '../base/simulator-run.ts'
import { numberFrom, oneOf, portFrom, switchesOf } from '../base/words.ts'
import { generateSite } from './generate-site.ts'
import { SiteSimulator } from './site-simulator.ts'

export const usage =
  'pnpm sim site [--pages 200] [--port 8088] [--churn none|build|request] [--sitemap plain|index|gzip|huge|elsewhere] [--no-validators] ' +
  '[--refuse 401|403|loop|cookie|elsewhere|encoding] [--refuse-share 0.9] [--redirects endless|circle] ' +
  '[--twins markdown|sources|bare|print|llms] [--dead-links 430] [--scripts] [--markup furniture|numbered] [--user NAME:PASSWORD | --bearer TOKEN]'

/** Serves a generated manual. */
export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const values = switchesOf(words, {
    pages: { type: 'string', default: '200' },
    port: { type: 'string', default: '8088' },
    churn: { type: 'string', default: 'none' },
    sitemap: { type: 'string', default: 'off' },
    refuse: { type: 'string', default: 'off' },
    'refuse-share': { type: 'string', default: '1' },
    redirects: { type: 'string', default: 'off' },
    twins: { type: 'string', default: 'none' },
    'dead-links': { type: 'string', default: '0' },
    scripts: { type: 'boolean', default: false },
    markup: { type: 'string', default: 'plain' },
    user: { type: 'string' },
    bearer: { type: 'string' },
    'no-validators': { type: 'boolean', default: false },
  })
  const simulator = await SiteSimulator.start({
    port: portFrom(values.port),
    churn: oneOf('--churn', values.churn, ['none', 'build', 'request']),
    robots: { sitemap: true },
    sitemap: oneOf('--sitemap', values.sitemap, ['off', 'plain', 'index', 'gzip', 'huge', 'elsewhere']),
    ...(values.sitemap !== 'off' && { lastmod: 'honest' }),
    refuse: oneOf('--refuse', values.refuse, ['off', '401', '403', 'loop', 'cookie', 'elsewhere', 'encoding']),
    refuseShare: numberFrom('--refuse-share', values['refuse-share'], { fraction: true }),
    redirects: oneOf('--redirects', values.redirects, ['off', 'endless', 'circle']),
    twins: oneOf('--twins', values.twins, ['none', 'markdown', 'sources', 'bare', 'print', 'llms']),
    deadLinks: numberFrom('--dead-links', values['dead-links']),
    scripts: values.scripts,
    markup: oneOf('--markup', values.markup, ['plain', 'furniture', 'numbered']),
    ...(values['no-validators'] && { etag: 'off', lastModified: 'off' }),
  })
  const { user, bearer } = values
  const authorization = bearer !== undefined ? `Bearer ${bearer}` : user !== undefined ? basicAuth(user.split(':', 1)[0] ?? '', user.slice(user.indexOf(':') + 1)) : undefined
  if (authorization !== undefined) simulator.guard = ({ headers }) => headers.authorization === authorization
  generateSite(simulator.world, numberFrom('--pages', values.pages))
  const configuration = `sources:\n  public-docs:\n    manual:\n      base_url: ${simulator.url}/\n      allow_private_networks: true\n      requests_per_minute: 60000\n${authOf(user, bearer)}`
  return { server: simulator, configuration }
}

function authOf(user: string | undefined, bearer: string | undefined): string {
  if (bearer !== undefined) return `      auth: { token: "${bearer}" }\n`
  return user === undefined ? '' : `      auth: { username: "${user.split(':', 1)[0]}", password: "${user.slice(user.indexOf(':') + 1)}" }\n`
}
