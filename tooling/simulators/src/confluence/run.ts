import { parseArgs } from 'node:util'
import { portFrom, type RunningSimulator } from '../simulator-run.ts'
import { ConfluenceSimulator } from './confluence-simulator.ts'
import { generateSpace } from './generated-space.ts'
import { handCommands } from './hand-commands.ts'

export const usage = 'pnpm sim confluence [--pages 200] [--deployment cloud|datacenter] [--port 8090] [--token T] [--email E] [--space DOCS]'

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
    },
  })
  const { pages, deployment, token, email, space } = values
  if (!/^[1-9]\d*$/.test(pages)) throw new Error(`not a number of pages: ${pages}`)
  if (deployment !== 'cloud' && deployment !== 'datacenter') throw new Error(`neither cloud nor datacenter: ${deployment}`)
  const simulator = await ConfluenceSimulator.start({ deployment, port: portFrom(values.port), token, email })
  generateSpace(simulator.world, { pages: Number(pages), key: space })
  return { url: simulator.url, configuration: configuration(simulator, { deployment, space }), commands: handCommands(simulator, space), close: () => simulator.close() }
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
