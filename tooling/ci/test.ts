import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// `pnpm test`: builds what the end-to-end tests start, runs every test, and ends with one line that counts them from
// the runner's own report. Arguments go to the runner: `pnpm test packages/core`.

const ROOT = join(import.meta.dirname, '..', '..')
const REPORT = join(ROOT, '.test-report', 'tests.json')

function run(program: string, args: readonly string[]): number {
  // One character a test; with colours it would be a dozen in a log.
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' }
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env })
  if (error !== undefined) throw error
  return status ?? 1
}

function main(args: readonly string[]): number {
  const built = run(process.execPath, [join(ROOT, 'node_modules/turbo/bin/turbo'), 'run', 'build', '--output-logs=errors-only'])
  if (built !== 0) return built
  mkdirSync(join(ROOT, '.test-report'), { recursive: true })
  rmSync(REPORT, { force: true })
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${REPORT}`]
  const status = run(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args])
  return Math.max(status, summarise())
}

/** The closing line. A report that is missing or counts nothing is a failure. */
function summarise(): number {
  const report: unknown = JSON.parse(readFileSync(REPORT, 'utf8'))
  const count = (key: string): number => {
    const value = (report as Record<string, unknown>)[key]
    if (typeof value !== 'number') throw new Error(`the report has no ${key}`)
    return value
  }
  const passed = count('numPassedTests')
  // A file that could not be loaded has no tests of its own to fail.
  const failed = Math.max(count('numFailedTests'), count('numFailedTestSuites') > 0 ? 1 : 0)
  const skipped = count('numPendingTests') + count('numTodoTests')
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  return failed > 0 || passed === 0 ? 1 : 0
}

process.exitCode = main(process.argv.slice(2))
