import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CRASH_SETTINGS, scriptedSource } from './crash-scenario.ts'
import { cleanBuild, type ExportedPoint, Workbench } from './workbench.ts'

const child = join(import.meta.dirname, 'crash-child.ts')
let prepared: string

beforeAll(async () => {
  prepared = mkdtempSync(join(tmpdir(), 'crash-'))
  const bench = await Workbench.open({ directory: prepared, settings: CRASH_SETTINGS })
  await bench.sync(scriptedSource(1))
  await bench.close()
})

afterAll(() => rmSync(prepared, { recursive: true, force: true }))

/** Runs the second phase in a process of its own that dies at a moment. True when the run ended before it. */
function runAndDie(directory: string, moment: number): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const running = spawn(process.execPath, ['--conditions=@qdrant-loader/source', child, directory, String(moment)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  running.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  running.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  running.on('close', (code, signal) => {
    if (signal === 'SIGKILL') resolve(false)
    else if (code === 0 && output.endsWith('finished')) resolve(true)
    else reject(new Error(`the child failed: ${output}`))
  })
  return promise
}

async function recovered(moment: number, variant: number, expected: readonly ExportedPoint[]): Promise<'killed' | 'finished'> {
  const directory = mkdtempSync(join(tmpdir(), 'crash-run-'))
  try {
    cpSync(prepared, directory, { recursive: true })
    const finished = await runAndDie(directory, moment)
    const bench = await Workbench.open({ directory, settings: CRASH_SETTINGS })
    try {
      const report = await bench.sync(scriptedSource(3, variant))
      expect(report.status, `moment ${moment}: ${JSON.stringify(report.sources[0]?.error)}`).toBe('succeeded')
      expect(await bench.export(), `killed at moment ${moment}, variant ${variant}`).toEqual(expected)
    } finally {
      await bench.close()
    }
    return finished ? 'finished' : 'killed'
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

describe('a run that is killed', () => {
  it.each([
    { variant: 0, then: 'nothing else changed' },
    { variant: 1, then: 'the source took its changes back' },
    { variant: 2, then: 'the source changed on' },
  ])(
    'at any step of the commit protocol leaves what the next run mends, when $then',
    { timeout: 300_000 },
    async ({ variant }) => {
      const expected = await cleanBuild(scriptedSource(3, variant), CRASH_SETTINGS)
      // A stride for each variant keeps the matrix affordable; together they cover every moment.
      for (let moment = variant; ; moment += 3) {
        if ((await recovered(moment, variant, expected)) === 'finished') {
          expect(moment).toBeGreaterThan(40)
          break
        }
      }
    },
  )
})
