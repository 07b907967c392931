import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { faultCommands } from './base/fault-commands.ts'
import { obey } from './base/hand-commands.ts'
import type { RunningSimulator, SimulatorRun } from './base/simulator-run.ts'

/** Each folder with a `run.ts` is a simulator. */
function simulators(): string[] {
  return readdirSync(import.meta.dirname).filter((name) => existsSync(path.join(import.meta.dirname, name, 'run.ts'))).sort()
}

async function load(name: string): Promise<SimulatorRun> {
  return (await import(`./${name}/run.ts`)) as SimulatorRun
}

async function stop({ server }: RunningSimulator): Promise<void> {
  process.stdin.destroy()
  await server.close()
}

/** Runs a simulator by hand until it is interrupted. */
async function main([name, ...words]: readonly string[]): Promise<void> {
  try {
    const names = simulators()
    if (name === undefined || !names.includes(name)) throw new Error(`name one of: ${names.join(', ')}`)
    const simulator = await (await load(name)).run(words)
    process.stdout.write(`${simulator.server.url}\n`)
    process.stderr.write(simulator.configuration ?? '')
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(simulator))
    await obey([...(simulator.commands ?? []), ...faultCommands(simulator.server)], process.stdin, process.stderr)
  } catch (error) {
    const usages = await Promise.all(simulators().map(async (one) => (await load(one)).usage))
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nusage: ${usages.join('\n       ')}\n`)
    process.exitCode = 2
  }
}

await main(process.argv.slice(2))
