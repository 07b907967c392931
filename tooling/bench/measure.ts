import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'

/** One or more whole processes, from before the first is started until the last has ended. */
export interface Measurement {
  readonly wallMs: number
  /** Processor time of the processes and of what they started and waited for; undefined where only Linux would tell. */
  readonly cpuMs: number | undefined
}

/** A program with its arguments, and where it runs. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Linux counts processor time in hundredths of a second for every program (`USER_HZ`). */
const TICK_MS = 10

/** Runs a program to its end and returns what it printed. @throws Error when its exit status is not 0. */
export async function runCommand({ program, args, cwd, env }: Command): Promise<string> {
  const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${errors}${output}`)
  return output
}

/** Measures whatever starts processes. */
export async function measure(work: () => Promise<unknown>): Promise<Measurement> {
  const cpuBefore = childrenCpuMs()
  const started = performance.now()
  await work()
  const wallMs = performance.now() - started
  const cpuAfter = childrenCpuMs()
  return { wallMs, cpuMs: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore }
}

/** The median of each figure. */
export function median(measurements: readonly Measurement[]): Measurement {
  const cpu = measurements.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs]))
  // Ticks of 10 ms are coarse for processes that are this short: their mean says more than the one in the middle.
  const cpuMs = cpu.length === 0 ? undefined : cpu.reduce((sum, value) => sum + value, 0) / cpu.length
  return { wallMs: middle(measurements.map(({ wallMs }) => wallMs)), cpuMs }
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2
}

/** What the kernel has charged to children of this process that have ended: fields 16 and 17 of `proc_pid_stat(5)`. */
function childrenCpuMs(): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined
  const text = readFileSync('/proc/self/stat', 'latin1')
  // The name in parentheses may hold anything; the third field follows its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS
}
