import { parseArgs } from 'node:util'
import { ConfluenceSimulator } from './confluence-simulator.ts'
import { generateSpace } from './generated-space.ts'

/** How it is started by hand. */
export const CONFLUENCE_USAGE =
  'usage: pnpm sim confluence [--pages 200] [--deployment cloud|datacenter] [--port 8090] [--token T] [--email E] [--space DOCS]'

/** Serves a generated space until the process is interrupted. False when the arguments are wrong. */
export async function runConfluence(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pages: { type: 'string', default: '200' },
      deployment: { type: 'string', default: 'cloud' },
      port: { type: 'string', default: '8090' },
      token: { type: 'string', default: 'simulated-token' },
      email: { type: 'string', default: 'ada@example.com' },
      space: { type: 'string', default: 'DOCS' },
    },
  })
  const { pages, deployment, port, token, email, space } = values
  if (!/^\d+$/.test(pages) || !/^\d+$/.test(port) || (deployment !== 'cloud' && deployment !== 'datacenter')) return false
  const simulator = await ConfluenceSimulator.start({ deployment, port: Number(port), token, email })
  generateSpace(simulator.world, { pages: Number(pages), key: space })
  process.stdout.write(`${simulator.url}\n`)
  process.stderr.write(configuration(simulator, { deployment, email, space }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close())
  return true
}

function configuration({ url }: ConfluenceSimulator, { deployment, email, space }: { readonly deployment: string; readonly email: string; readonly space: string }): string {
  const lines = [
    'sources:',
    '  confluence:',
    '    simulated:',
    `      base_url: ${url}`,
    `      deployment_type: ${deployment}`,
    `      space_key: ${space}`,
    ...(deployment === 'cloud' ? [`      email: ${email}`] : []),
    // The token is the caller's; it is named, not shown.
    '      token: ${CONFLUENCE_TOKEN}',
  ]
  return `${lines.join('\n')}\n`
}
