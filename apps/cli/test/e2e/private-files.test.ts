import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { createUserWorld, expectOneClearMessage, GOOD } from './user-world.ts'

vi.setConfig({ testTimeout: 120_000 })

/** `mode path` of what others may look into, below a folder. */
function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, mode: lstatSync(path.join(folder, name)).mode & 0o777 }))
    .filter(({ mode }) => (mode & 0o077) !== 0)
    .map(({ name, mode }) => `${mode.toString(8)} ${name}`)
}

test.each(['022', '000'])('H5: with umask %s, all that a sync makes is for its user alone: state, points, copies of repositories, log', async (umask) => {
  const world = createUserWorld()
  // A folder of the user's own that others may look into, and one below it that we make.
  const given = path.join(world.folder, 'given')
  mkdirSync(given)
  chmodSync(given, 0o755)
  const shell = `umask ${umask}; exec "$@"`
  world.configure(`global:
  embedding: { provider: hash, dimensions: 32 }
  embedded: { path: ./given/made/points.db }
  state_management: { database_path: ./given/state.db }
  logging: { file: ./given/logs/loader.log, level: debug }
sources:
  git:
    docs: { base_url: "file://${world.repository}" }
`)
  expect((await world.run(['sync'], { shell })).code).toBe(0)
  const made = readdirSync(given, { recursive: true, encoding: 'utf8' })
  for (const name of ['state.db', 'made/points.db', 'logs/loader.log', 'state.cache']) expect(made).toContain(path.normalize(name))
  expect(openToOthers(given)).toEqual([])
  expect(lstatSync(given).mode & 0o777).toBe(0o755)

  world.configure(GOOD.replace(/ {2}state_management.*\n/, ''))
  expect((await world.run(['sync'], { shell })).code).toBe(0)
  const home = path.join(world.folder, 'home')
  expect(readdirSync(home, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.points.db'))).toBe(true)
  expect(openToOthers(home)).toEqual([])
})

test.runIf(process.platform === 'linux').each([
  ['the state', 'state_management: { database_path: /proc/x/s.db }'],
  ['the state in a user folder', 'state_management: { database_path: /proc/self/x/y/s.db }'],
  ['the points', 'embedded: { path: /proc/x/points.db }'],
  ['the log', 'logging: { file: /proc/x/loader.log }'],
])('U16: %s in a folder that cannot be made is one error at once, not a run that never ends', async (_, section) => {
  const world = createUserWorld()
  world.configure(`global:\n  embedding: { provider: hash, dimensions: 32 }\n  ${section}\nsources:\n  git:\n    docs: { base_url: ./repository }\n`)
  const started = performance.now()
  expectOneClearMessage(await world.run(['sync']), 2, /\/proc\/(?:x|self)/)
  expect(performance.now() - started).toBeLessThan(20_000)
})

test.runIf(process.platform === 'linux')('U16: a state folder of the environment that cannot be made is one error, too', async () => {
  const world = createUserWorld()
  world.configure(GOOD.replace(/ {2}state_management.*\n/, ''))
  expectOneClearMessage(await world.run(['sync'], { env: { XDG_STATE_HOME: '/proc/x' } }), 2, /cannot be created, opened or written/)
})
