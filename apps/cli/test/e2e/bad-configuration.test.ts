import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { createUserWorld, expectJsonFailure, expectOneClearMessage, GOOD } from './user-world.ts'

// Each test starts the command several times.
vi.setConfig({ testTimeout: 120_000 })

test.each([
  ['broken YAML', 'global: [1, 2\nsources: {}\n', /qdrant-loader\.yaml:\d+:\d+: /],
  ['an unknown key', GOOD.replace('dimensions: 32', 'dimension: 32'), /qdrant-loader\.yaml:2:\d+: .*dimension[^]*dimensions/],
  ['a missing variable', GOOD.replace('./repository', '"${NO_SUCH_VARIABLE}"'), /qdrant-loader\.yaml:6:\d+: .*NO_SUCH_VARIABLE/],
  ['a value out of range', GOOD.replace('32', '3'), /qdrant-loader\.yaml:2:\d+: .*dimensions/],
  ['an option that the connector does not know', GOOD.replace('base_url', 'base_ulr'), /qdrant-loader\.yaml:6:\d+: .*base_ulr/],
  ['a connector that is not installed', GOOD.replace('git:', 'gitlab:'), /@qdrant-loader\/connector-gitlab[^]*npm install @qdrant-loader\/connector-gitlab/],
])('%s is one message with its place, and status 2', async (_name, yaml, message) => {
  const world = createUserWorld()
  world.configure(yaml)
  expectOneClearMessage(await world.run(['sync']), 2, message)
})

test('with --json a wrong configuration is one JSON object, from every command', async () => {
  const world = createUserWorld()
  world.configure('nonsense: 1\n')
  for (const args of [['sync'], ['plan'], ['status'], ['config', 'validate']]) {
    const result = await world.run([...args, '--json'])
    expect(expectJsonFailure(result, 2).error.code).toBe('config_unknown_key')
    expectOneClearMessage({ ...result, stdout: '' }, 2, /nonsense/)
  }
})

test('a configuration that is nowhere says how to write one', async () => {
  const world = createUserWorld()
  mkdirSync(path.join(world.folder, 'empty'))
  const result = await world.run(['sync'], { cwd: '/' })
  expectOneClearMessage(result, 2, /qdrant-loader init/)
})

test('a source that is not configured is named with the nearest one', async () => {
  const world = createUserWorld()
  expectOneClearMessage(await world.run(['sync', '--source', 'dosc']), 2, /--source dosc[^]*Did you mean docs\?/)
})

test('init writes a configuration that is valid, and overwrites nothing', async () => {
  const world = createUserWorld()
  const cwd = path.join(world.folder, 'new project')
  mkdirSync(cwd)
  expect(await world.run(['init'], { cwd })).toMatchObject({ code: 0 })
  expect(await world.run(['config', 'validate'], { cwd })).toMatchObject({ code: 0 })
  writeFileSync(path.join(cwd, 'qdrant-loader.yaml'), '# mine\n')
  expectOneClearMessage(await world.run(['init'], { cwd }), 2, /init --force/)
  expect(await world.run(['init', '--force', '--json'], { cwd })).toMatchObject({ code: 0 })
})

test('a secret of the configuration is shown nowhere', async () => {
  const world = createUserWorld()
  world.configure(GOOD.replace('./repository', '"${REMOTE}", token: "${TOKEN}"'))
  const env = { TOKEN: 'hunter22-secret', REMOTE: 'http://127.0.0.1:1/x.git' }
  for (const args of [['config', 'show'], ['config', 'show', '--json'], ['sync', '--log-level', 'debug', '--retries', '0'], ['doctor', '--json']]) {
    const { stdout, stderr } = await world.run(args, { env })
    expect(`${stdout}${stderr}`).not.toContain('hunter22')
  }
})
