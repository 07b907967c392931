import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { createUserWorld, GOOD } from './user-world.ts'
import type { UserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 120_000 })

const SCHEMA = `{ '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }), jsonSchema: { input: () => ({ type: 'object' }) } } }`

/** A connector whose detection waits until it is stopped, and with \`deaf: true\` even longer. */
const WAITING = `
const wait = (signal, deaf) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, 600000)
  if (!deaf) signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason) })
})
export default {
  apiVersion: 1, type: 'waiting', configSchema: ${SCHEMA}, cursorSchema: ${SCHEMA},
  capabilities: { identity: 'stable', judges: false, reportsDeletions: true },
  fingerprints: () => ({ selection: null, extraction: null }),
  async open(config) {
    return {
      detector: { async *detect(request, signal) { process.stderr.write('it waits\\n'); await wait(signal, config.deaf); yield* [] } },
      connector: { fetch: async () => 'gone' }, check: async () => 'fine', close: async () => {},
    }
  },
}`

function createWaitingWorld(deaf = false): UserWorld {
  const world = createUserWorld()
  const home = path.join(world.folder, 'node_modules', 'waiting-connector')
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name: 'waiting-connector', type: 'module', exports: './index.js' }))
  writeFileSync(path.join(home, 'index.js'), WAITING)
  world.configure(GOOD.replace(/ {2}git:[^]*/, `  waiting:\n    forever: { package: waiting-connector, deaf: ${deaf} }\n`))
  return world
}

async function stopWhenItWaits(world: UserWorld, args: readonly string[], signals: readonly NodeJS.Signals[]) {
  const { child, ended } = world.start(args)
  let seen = ''
  for (const [index, signal] of signals.entries()) {
    const awaited = index === 0 ? 'it waits' : 'once more'
    await new Promise<void>((resolve) => {
      const look = (text = ''): void => {
        seen += text
        if (seen.includes(awaited)) resolve()
      }
      child.stderr.on('data', look)
      child.once('close', () => resolve())
      look()
    })
    child.kill(signal)
  }
  return await ended
}

test('Ctrl-C stops cleanly with status 130, says so, and gives the lease back', async () => {
  const world = createWaitingWorld()
  const stopped = await stopWhenItWaits(world, ['sync', '--json'], ['SIGINT'])
  expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining('the next run goes on from there')])
  expect(JSON.parse(stopped.stdout)).toMatchObject({ status: 'failed' })
  expect(stopped.stderr).not.toMatch(/defect|^\s+at /m)
  const { stdout } = await world.run(['status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ sources: [{ source: 'forever', running: null }] })
})

test('SIGTERM stops a watching run with status 143', async () => {
  const stopped = await stopWhenItWaits(createWaitingWorld(), ['sync', '--watch'], ['SIGTERM'])
  expect(stopped.code).toBe(143)
})

test('a second signal ends a run at once that does not listen, and another run may follow', async () => {
  const world = createWaitingWorld(true)
  const stopped = await stopWhenItWaits(world, ['sync'], ['SIGINT', 'SIGINT'])
  expect(stopped.code).toBe(130)
  const { child, ended } = world.start(['sync'])
  child.stderr.once('data', () => undefined)
  await new Promise<void>((resolve) => child.stderr.on('data', (text: string) => (text.includes('it waits') ? resolve() : undefined)))
  child.kill('SIGKILL')
  expect((await ended).signal).toBe('SIGKILL')
})

test('a second run of a source that is being synced names the holder, with status 7', async () => {
  const world = createWaitingWorld()
  const { child, ended } = world.start(['sync'])
  await new Promise<void>((resolve) => child.stderr.on('data', (text: string) => (text.includes('it waits') ? resolve() : undefined)))
  const second = await world.run(['sync'])
  expect([second.code, second.stderr]).toEqual([7, expect.stringMatching(/pid|process/)])
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
})
