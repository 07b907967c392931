import type { RunningSimulator } from '../base/simulator-run.ts'
import { given, portFrom, switchesOf } from '../base/words.ts'
import { QdrantSimulator } from './qdrant-simulator.ts'

export const usage = 'pnpm sim qdrant [--port N] [--version 1.19.0] [--api-key KEY] [--prefix /path]'

/** An empty server. */
export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const { port, version, 'api-key': apiKey, prefix } = switchesOf(words, {
    port: { type: 'string', default: '6333' },
    version: { type: 'string' },
    'api-key': { type: 'string' },
    prefix: { type: 'string' },
  })
  return { server: await QdrantSimulator.start({ port: portFrom(port), ...given({ version, apiKey, prefix }) }) }
}
