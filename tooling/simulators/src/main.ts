import { parseArgs } from 'node:util'
import { QdrantSimulator } from './qdrant/index.ts'

const USAGE = 'usage: pnpm sim qdrant [--port N] [--version 1.19.0] [--api-key KEY] [--prefix /path]'

/** Runs a simulator by hand until it is interrupted. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '6333' },
      version: { type: 'string' },
      'api-key': { type: 'string' },
      prefix: { type: 'string' },
    },
  })
  if (positionals.length !== 1 || positionals[0] !== 'qdrant' || !/^\d+$/.test(values.port)) {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 2
    return
  }
  const simulator = await QdrantSimulator.start({
    port: Number(values.port),
    ...(values.version === undefined ? {} : { version: values.version }),
    ...(values['api-key'] === undefined ? {} : { apiKey: values['api-key'] }),
    ...(values.prefix === undefined ? {} : { prefix: values.prefix }),
  })
  process.stdout.write(`${simulator.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close())
}

await main()
