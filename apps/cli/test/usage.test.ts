import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { version } from '../src/version.ts'
import { runCli, startCli } from './start-cli.ts'

const cwd = mkdtempSync(path.join(tmpdir(), 'qdrant-loader-usage-'))
const run = (...args: string[]) => runCli(args, { cwd, from: 'sources' })

test('--version and --help go to standard output with status 0', async () => {
  expect(await run('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  const help = await run('sync', '--help')
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('--allow-mass-delete')
})

test('without a command the help goes to standard error, and the status is 2', async () => {
  const result = await run()
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toContain('Commands:')
})

test('a wrong flag is one message with the nearest one, status 2, and no stack trace', async () => {
  const result = await run('sync', '--incremenal')
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toBe(
    "Error: 'sync' has no flag --incremenal.\nTo fix it: Did you mean --incremental? See qdrant-loader sync --help.\n(usage)\n",
  )
})

test('with --json a usage error is the report of a failed sync on standard output', async () => {
  const result = await run('sync', '--json', '--full', '--incremental')
  expect(result.code).toBe(2)
  expect(JSON.parse(result.stdout)).toMatchObject({
    run_id: null,
    mode: 'full',
    dry_run: false,
    status: 'failed',
    sources: [],
    totals: { documents: { added: 0 }, requests: { embedder: 0 } },
    error: { code: 'usage', kind: 'config', message: '--incremental and --full exclude each other.' },
  })
})

test('with --json every command answers a wrong command line with one JSON object', async () => {
  for (const args of [['--json'], ['nonsense', '--json'], ['config', '--json'], ['search', '--json']]) {
    const result = await run(...args)
    expect([args, result.code]).toEqual([args, 2])
    expect(JSON.parse(result.stdout)).toMatchObject({ status: 'failed', error: { kind: expect.any(String) } })
  }
})

test('a reader that leaves is no error', async () => {
  const { child, ended } = startCli(['--help'], { cwd, from: 'sources' })
  child.stdout.destroy()
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

test('an old Node is told what to run, before anything is imported', () => {
  const bin = fileURLToPath(new URL('../bin/qdrant-loader.js', import.meta.url))
  const old = "Object.defineProperty(process.versions, 'node', { value: '20.19.0' })"
  const preload = `data:text/javascript,${encodeURIComponent(old)}`
  const result = spawnSync(process.execPath, ['--import', preload, bin, 'sync', '--json'], { cwd, encoding: 'utf8' })
  expect(result.status).toBe(2)
  expect(result.stderr).toMatch(/needs Node\.js 22\.18 or newer, and this is 20\.19\.0[^]*npx -y -p node@24/)
  expect(JSON.parse(result.stdout)).toMatchObject({ status: 'failed', error: { code: 'node_too_old' } })
})
