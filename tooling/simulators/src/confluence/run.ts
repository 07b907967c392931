import type { RunningSimulator } from '../base/simulator-run.ts'
import { given, numberFrom, oneOf, portFrom, switchesOf } from '../base/words.ts'
import { BROKEN_IN } from './broken-pages.ts'
import { ConfluenceSimulator } from './confluence-simulator.ts'
import { generateConfluence } from './generate-confluence.ts'
import { pageCommands, pageNamed } from './page-commands.ts'

export const usage = [
  'pnpm sim confluence [--pages 200] [--deployment cloud|datacenter] [--port 8090] [--token T] [--email E] [--space DOCS]',
  '  [--cap ROWS] [--limit applied|asked|none] [--next applied|asked|repeats|empties] [--broken PAGE [--in text,listing,search,bare] [--hangs]]',
  '  [--slow MS-A-TEXT] [--users-refused 401|403] [--rewrites-links] [--archived]',
].join('\n')

/** Serves a generated space. */
export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const values = switchesOf(words, {
    pages: { type: 'string', default: '200' },
    deployment: { type: 'string', default: 'cloud' },
    port: { type: 'string', default: '8090' },
    token: { type: 'string' },
    email: { type: 'string' },
    space: { type: 'string', default: 'DOCS' },
    cap: { type: 'string' },
    limit: { type: 'string', default: 'applied' },
    next: { type: 'string', default: 'applied' },
    broken: { type: 'string' },
    in: { type: 'string', default: BROKEN_IN.join(',') },
    hangs: { type: 'boolean', default: false },
    slow: { type: 'string', default: '0' },
    'users-refused': { type: 'string' },
    'rewrites-links': { type: 'boolean', default: false },
    archived: { type: 'boolean', default: false },
  })
  const { space, token, email } = values
  const deployment = oneOf('--deployment', values.deployment, ['cloud', 'datacenter'])
  const cap = numberFrom('--cap', values.cap)
  const refused = oneOf('--users-refused', values['users-refused'], ['401', '403'])
  const simulator = await ConfluenceSimulator.start({
    deployment,
    port: portFrom(values.port),
    positions: { limit: oneOf('--limit', values.limit, ['applied', 'asked', 'none']), next: oneOf('--next', values.next, ['applied', 'asked', 'repeats', 'empties']) },
    slowness: { perText: numberFrom('--slow', values.slow) },
    rewritesLinks: values['rewrites-links'],
    ...given({ token, email, caps: cap === undefined ? undefined : { plain: cap, expanded: cap, bodies: cap, v2: cap }, usersRefused: refused === undefined ? undefined : refused === '401' ? 401 : 403 } as const),
  })
  const pages = numberFrom('--pages', values.pages)
  if (pages === 0) throw new Error('--pages needs at least 1')
  generateConfluence(simulator.world, { pages, key: space })
  if (values.archived) simulator.world.archiveSpace(space)
  if (values.broken !== undefined) {
    const where = values.in.split(',').map((one) => oneOf('--in', one, BROKEN_IN))
    simulator.broken.add(pageNamed(simulator.world, values.broken), { in: where, how: values.hangs ? 'hangs' : '500' })
  }
  return { server: simulator, configuration: configuration(simulator, { deployment, space }), commands: pageCommands(simulator, space) }
}

function configuration({ url, email, token }: ConfluenceSimulator, { deployment, space }: { readonly deployment: string; readonly space: string }): string {
  const lines = [
    'sources:',
    '  confluence:',
    '    simulated:',
    `      base_url: ${url}`,
    `      deployment_type: ${deployment}`,
    `      space_key: ${space}`,
    ...(deployment === 'cloud' ? [`      email: ${email}`] : []),
    `      token: ${token}`,
  ]
  return `${lines.join('\n')}\n`
}
