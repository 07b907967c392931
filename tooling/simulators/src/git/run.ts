import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningSimulator } from '../base/simulator-run.ts'
import { given, numberFrom, portFrom, switchesOf } from '../base/words.ts'
import { GitSimulator } from './git-simulator.ts'

export const usage = 'pnpm sim git --repository FOLDER [--port N] [--user NAME:PASSWORD] [--bytes-per-second N] [--old-protocol]'

/** Serves a repository of this machine. */
export async function run(words: readonly string[]): Promise<RunningSimulator> {
  const values = switchesOf(words, {
    repository: { type: 'string', default: '.' },
    port: { type: 'string', default: '8093' },
    user: { type: 'string' },
    'bytes-per-second': { type: 'string' },
    'old-protocol': { type: 'boolean', default: false },
  })
  const { repository, user } = values
  const folder = existsSync(join(repository, '.git')) ? join(repository, '.git') : repository
  if (!existsSync(join(folder, 'HEAD'))) throw new Error(`not a Git repository: ${repository}`)
  const server = await GitSimulator.start(folder, { port: portFrom(values.port) })
  const [username = '', password = ''] = user?.split(/:(.*)/s) ?? []
  Object.assign(server, given({ credentials: user === undefined ? undefined : { username, password }, bytesPerSecond: numberFrom('--bytes-per-second', values['bytes-per-second']) }))
  server.oldProtocol = values['old-protocol']
  const token = user === undefined ? '' : `      token: ${password}\n`
  return { server, configuration: `sources:\n  git:\n    simulated:\n      base_url: ${server.url}\n${token}` }
}
