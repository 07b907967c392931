import { parseArgs } from 'node:util'
import type { RunningSimulator } from '../base/simulator-run.ts'
import { portFrom } from '../base/simulator-run.ts'
import { QdrantSimulator } from './qdrant-simulator.ts'

export const usage = 'pnpm sim qdrant [--port N] [--version 1.19.0] [--api-key KEY] [--prefix /path]'

export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      port: { type: 'string', default: '6333' },
      version: { type: 'string' },
      'api-key': { type: 'string' },
      prefix: { type: 'string' },
    },
  })
  return QdrantSimulator.start({
    port: portFrom(values.port),
    ...(values.version === undefined ? {} : { version: values.version }),
    ...(values['api-key'] === undefined ? {} : { apiKey: values['api-key'] }),
    ...(values.prefix === undefined ? {} : { prefix: values.prefix }),
  })
}
