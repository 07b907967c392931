import type { RunningSimulator } from '../base/simulator-run.ts'
import { numberFrom, portFrom, switchesOf } from '../base/words.ts'
import { EmbedderSimulator } from './embedder-simulator.ts'

export const usage = 'pnpm sim embedder [--port N] [--dimensions 8]'

/** A server that knows any model. */
export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const { port, dimensions } = switchesOf(words, { port: { type: 'string', default: '8092' }, dimensions: { type: 'string', default: '8' } })
  const server = await EmbedderSimulator.start({ port: portFrom(port) })
  server.dimensions = numberFrom('--dimensions', dimensions)
  return { server, configuration: `global:\n  embedding: { provider: openai, base_url: "${server.url}", model: simulated }\n` }
}
