import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createUserWorld, GOOD } from './user-world.ts'
import type { UserWorld } from './user-world.ts'

vi.setConfig({ testTimeout: 120_000 })

const SCHEMA = `{ '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }), jsonSchema: { input: () => ({ type: 'object' }) } } }`

/**
 * A connector whose detection waits until it is stopped. With \`deaf\` it does not listen; \`loop\` and \`pattern\` keep
 * JavaScript busy, so that no handler runs.
 */
const WAITING = `
const wait = (signal, how) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, 600000)
  if (how === 'loop') for (;;) {}
  if (how === 'pattern') /^(a+)+$/.test('a'.repeat(64) + 'b')
  if (how === undefined) signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason) })
})
export default {
  apiVersion: 1, type: 'waiting', configSchema: ${SCHEMA}, cursorSchema: ${SCHEMA},
  capabilities: { identity: 'stable', judges: false, reportsDeletions: true },
  fingerprints: () => ({ selection: null, extraction: null }),
  async open(config) {
    return {
      detector: { async *detect(request, signal) { process.stderr.write('it waits\\n'); await wait(signal, config.how); yield* [] } },
      reader: { read: async () => 'gone' }, check: async () => 'fine', close: async () => {},
    }
  },
}`

function createWaitingWorld(how?: 'deaf' | 'loop' | 'pattern'): UserWorld {
  const world = createUserWorld()
  const home = path.join(world.folder, 'node_modules', 'waiting-connector')
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name: 'waiting-connector', type: 'module', exports: './index.js' }))
  writeFileSync(path.join(home, 'index.js'), WAITING)
  world.configure(GOOD.replace(/ {2}git:[^]*/, `  waiting:\n    forever: { package: waiting-connector${how === undefined ? '' : `, how: ${how}`} }\n`))
  return world
}

async function stopWhenItWaits(world: UserWorld, args: readonly string[], signals: readonly NodeJS.Signals[], busy = false) {
  const { child, ended } = world.start(args)
  let seen = ''
  let signalledAt = 0
  for (const [index, signal] of signals.entries()) {
    // One that is busy says nothing.
    if (index > 0 && busy) await wait(200)
    const awaited = index === 0 ? 'it waits' : 'once more'
    if (index === 0 || !busy) await new Promise<void>((resolve) => {
      const look = (text = ''): void => {
        seen += text
        if (seen.includes(awaited)) resolve()
      }
      child.stderr.on('data', look)
      child.once('close', () => resolve())
      look()
    })
    child.kill(signal)
    signalledAt = performance.now()
  }
  return { ...(await ended), msAfterSignal: performance.now() - signalledAt }
}

test('Ctrl-C stops cleanly with status 130, says so, and gives the lease back', async () => {
  const world = createWaitingWorld()
  const stopped = await stopWhenItWaits(world, ['sync', '--json'], ['SIGINT'])
  expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining('Stopped before any document was finished.')])
  expect(JSON.parse(stopped.stdout)).toMatchObject({ status: 'stopped', sources: [{ status: 'stopped', error: { code: 'interrupted' } }] })
  expect(stopped.stderr).not.toMatch(/defect|^\s+at /m)
  const { stdout } = await world.run(['status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ sources: [{ source: 'forever', running: null }] })
})

// On a machine that has other things to do a process may take longer to end than it was told.
const TIMED = { retry: 2 }

test.each(['deaf', 'loop', 'pattern'] as const)('Ctrl-C ends a run within 2 s that does not listen (%s), with status 130 and one JSON object', TIMED, async (how) => {
  const world = createWaitingWorld(how)
  const stopped = await stopWhenItWaits(world, ['sync', '--json'], ['SIGINT'])
  const said = how === 'deaf' ? 'Stopped' : 'Stopped by SIGINT before everything had ended.'
  expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining(said)])
  expect(stopped.msAfterSignal).toBeLessThan(2_000)
  expect(JSON.parse(stopped.stdout)).toMatchObject({ status: 'stopped' })
})

test('a second signal ends a run at once that is busy in a loop', TIMED, async () => {
  const world = createWaitingWorld('loop')
  const stopped = await stopWhenItWaits(world, ['sync'], ['SIGINT', 'SIGTERM'], true)
  expect(stopped.code).toBe(143)
  expect(stopped.msAfterSignal).toBeLessThan(800)
})

test('SIGTERM stops a watching run with status 143', async () => {
  const stopped = await stopWhenItWaits(createWaitingWorld(), ['sync', '--watch'], ['SIGTERM'])
  expect(stopped.code).toBe(143)
})

test('a second signal ends a run at once that does not listen, and another run may follow', async () => {
  const world = createWaitingWorld('deaf')
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
