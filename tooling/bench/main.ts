import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Figure, SCENARIOS } from './scenarios.ts'

// Prints what a sync costs, as a user starts it: whole processes of the built command, in interleaved runs. Figures in
// milliseconds belong to this machine; the bounds are on ratios, on memory, and on documents a second on two cores.

const USAGE = `pnpm bench [--only NAME] [--runs N]

  --only NAME   one of: ${Object.keys(SCENARIOS).join(', ')}; may be given several times
  --runs N      measured runs after one that is not counted (default 9; a first sync is measured 3 times at most)
`

async function main(): Promise<number> {
  const options = readOptions()
  if (options === undefined) return 2
  process.stdout.write(
    `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, ${options.runs} runs\n`,
  )
  const root = mkdtempSync(join(tmpdir(), 'qdrant-loader-bench-'))
  let passed = true
  try {
    const home = join(root, 'home')
    mkdirSync(home)
    for (const name of options.names) {
      const directory = join(root, name)
      mkdirSync(directory)
      const figures = await SCENARIOS[name]?.({ directory, home, runs: options.runs, progress: reportProgress })
      clearProgress()
      print(name, figures ?? [])
      passed &&= figures?.every((figure) => figure.passed !== false) ?? false
      rmSync(directory, { recursive: true, force: true })
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  process.stdout.write(passed ? '\nEvery bound holds.\n' : '\nA bound is missed.\n')
  return passed ? 0 : 1
}

function readOptions(): { readonly names: readonly string[]; readonly runs: number } | undefined {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, runs: { type: 'string', default: '9' } } })
    const names = values.only ?? Object.keys(SCENARIOS)
    const runs = Number(values.runs)
    if (names.every((name) => Object.hasOwn(SCENARIOS, name)) && Number.isSafeInteger(runs) && runs > 0) return { names, runs }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  process.stderr.write(USAGE)
  return undefined
}

function print(name: string, figures: readonly Figure[]): void {
  const width = Math.max(...figures.map((figure) => figure.name.length))
  process.stdout.write(`\n${name}\n`)
  for (const figure of figures) {
    const verdict = figure.bound === undefined ? '' : `  (${figure.bound})  ${figure.passed === true ? 'pass' : 'FAIL'}`
    process.stdout.write(`  ${figure.name.padEnd(width)}  ${figure.value}${verdict}\n`)
  }
}

function reportProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}

process.exitCode = await main()
