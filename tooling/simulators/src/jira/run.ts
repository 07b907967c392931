import { parseArgs } from 'node:util'
import { portFrom, type SimulatorRun } from '../simulator-run.ts'
import { fillJira } from './generate.ts'
import { JiraSimulator } from './jira-simulator.ts'

export const usage: SimulatorRun['usage'] =
  'pnpm sim jira [--issues N] [--deployment cloud|datacenter] [--port P] [--email E] [--token T] [--prefix /path]'

/** A Jira with one project, DEMO, of generated issues. */
export const run: SimulatorRun['run'] = async (words) => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      issues: { type: 'string', default: '100' },
      deployment: { type: 'string', default: 'cloud' },
      port: { type: 'string', default: '8091' },
      email: { type: 'string', default: 'reader@example.com' },
      token: { type: 'string', default: 'the-token' },
      prefix: { type: 'string', default: '' },
    },
  })
  const { issues, deployment, port, email, token, prefix } = values
  if (deployment !== 'cloud' && deployment !== 'datacenter') throw new Error('--deployment is cloud or datacenter')
  if (!/^\d{1,6}$/.test(issues)) throw new Error(`not a number of issues: ${issues}`)
  const simulator = await JiraSimulator.start({ deployment, port: portFrom(port), email, token, prefix })
  fillJira(simulator.world, Number(issues))
  return simulator
}
