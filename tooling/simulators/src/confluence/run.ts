import { parseArgs } from 'node:util'
import { portFrom, type RunningSimulator } from '../base/simulator-run.ts'
import { ConfluenceSimulator } from './confluence-simulator.ts'
import { generateSpace } from './generated-space.ts'
import { BROKEN_IN } from './broken-pages.ts'
import { handCommands, pageNamed } from './hand-commands.ts'

export const usage = [
  'pnpm sim confluence [--pages 200] [--deployment cloud|datacenter] [--port 8090] [--token T] [--email E] [--space DOCS]',
  '  [--cap ROWS] [--limit applied|asked|none] [--next applied|asked|repeats|empties] [--broken PAGE [--in text,listing,search,bare] [--hangs]]',
  '  [--slow MS-A-TEXT] [--users-refused 401|403] [--rewrites-links] [--archived]',
].join('\n')

/** Serves a generated space. */
export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      pages: { type: 'string', default: '200' },
      deployment: { type: 'string', default: 'cloud' },
      port: { type: 'string', default: '8090' },
      token: { type: 'string', default: 'simulated-token' },
      email: { type: 'string', default: 'ada@example.com' },
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
    },
  })
  const { pages, deployment, token, email, space } = values
  if (!/^[1-9]\d*$/.test(pages)) throw new Error(`not a number of pages: ${pages}`)
  if (deployment !== 'cloud' && deployment !== 'datacenter') throw new Error(`neither cloud nor datacenter: ${deployment}`)
  const cap = values.cap === undefined ? undefined : numberFrom('--cap', values.cap)
  const refused = values['users-refused']
  if (refused !== undefined && refused !== '401' && refused !== '403') throw new Error(`neither 401 nor 403: ${refused}`)
  const simulator = await ConfluenceSimulator.start({
    deployment,
    port: portFrom(values.port),
    token,
    email,
    ...(cap !== undefined && { caps: { plain: cap, expanded: cap, bodies: cap, v2: cap } }),
    positions: { limit: oneOf('--limit', values.limit, ['applied', 'asked', 'none']), next: oneOf('--next', values.next, ['applied', 'asked', 'repeats', 'empties']) },
    slowness: { perText: numberFrom('--slow', values.slow) },
    ...(refused !== undefined && { usersRefused: refused === '401' ? 401 : 403 }),
    rewritesLinks: values['rewrites-links'],
  })
  generateSpace(simulator.world, { pages: Number(pages), key: space })
  if (values.archived) simulator.world.archiveSpace(space)
  const commands = handCommands(simulator, space)
  if (values.broken !== undefined) {
    const where = values.in.split(',').map((one) => oneOf('--in', one, BROKEN_IN))
    simulator.broken.add(pageNamed(simulator.world, values.broken), { in: where, how: values.hangs ? 'hangs' : '500' })
  }
  return { url: simulator.url, configuration: configuration(simulator, { deployment, space }), commands, close: () => simulator.close() }
}

function numberFrom(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${flag}: not a number: ${text}`)
  return Number(text)
}

function oneOf<Value extends string>(flag: string, text: string, values: readonly Value[]): Value {
  const value = values.find((one) => one === text)
  if (value === undefined) throw new Error(`${flag}: not one of ${values.join(', ')}: ${text}`)
  return value
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
