import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { runCli, startCli } from '../start-cli.ts'
import type { CliResult, StartOptions } from '../start-cli.ts'

/** A user with a home, a repository and a folder for the configuration. */
export interface UserWorld {
  readonly folder: string
  readonly repository: string
  /** Writes `qdrant-loader.yaml`. */
  configure(yaml: string): void
  /** Writes a configuration into another file. */
  configureAs(file: string, yaml: string): void
  /** Writes files (`undefined` removes one) and commits. */
  commit(files: Readonly<Record<string, string | undefined>>): void
  run(args: readonly string[], more?: Partial<StartOptions>): Promise<CliResult>
  start(args: readonly string[], more?: Partial<StartOptions>): ReturnType<typeof startCli>
  /** What the collection holds, without what may differ between runs. */
  exported(args?: readonly string[], more?: Partial<StartOptions>): Promise<unknown[]>
}

/** A configuration that works: the hash embedder, state and store beside the file. */
export const GOOD = `global:
  embedding: { provider: hash, dimensions: 32 }
  state_management: { database_path: ./state.db }
sources:
  git:
    docs: { base_url: ./repository }
`

/** What users install, unless the tests are told to do without a build. */
const FROM = process.env['E2E_FROM'] === 'sources' ? 'sources' : 'built'

/** Makes a world in a temporary folder, with a repository of two documents. */
export function createUserWorld(): UserWorld {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'qdrant-loader-user-')))
  const repository = path.join(folder, 'repository')
  const home = path.join(folder, 'home')
  for (const made of [repository, home]) mkdirSync(made)
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  git('init', '-q', '-b', 'main')
  git('config', 'user.email', 'someone@example.com')
  git('config', 'user.name', 'Someone')

  const options = (more: Partial<StartOptions> = {}): StartOptions => ({
    cwd: folder,
    from: FROM,
    ...more,
    env: { HOME: home, XDG_STATE_HOME: undefined, XDG_CACHE_HOME: undefined, STATE_DB_PATH: undefined, ...more.env },
  })
  const world: UserWorld = {
    folder,
    repository,
    configure: (yaml) => writeFileSync(path.join(folder, 'qdrant-loader.yaml'), yaml),
    configureAs: (file, yaml) => writeFileSync(file, yaml),
    commit(files) {
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(repository, name)
        mkdirSync(path.dirname(file), { recursive: true })
        if (text === undefined) rmSync(file)
        else writeFileSync(file, text)
      }
      git('add', '-A')
      git('commit', '-qm', 'change')
    },
    run: (args, more) => runCli(args, options(more)),
    start: (args, more) => startCli(args, options(more)),
    async exported(args = [], more = {}) {
      const { code, stdout, stderr } = await world.run(['export', ...args], more)
      if (code !== 0) throw new Error(`export ended with ${code}: ${stderr}`)
      return stdout.split('\n').filter(Boolean).map(withoutVolatile)
    },
  }
  world.commit({ 'guide.md': '# Guide\n\nHow to install it.\n', 'notes.txt': 'Plain notes.\n' })
  world.configure(GOOD)
  return world
}

function withoutVolatile(line: string): unknown {
  const point = JSON.parse(line) as { payload: Record<string, unknown> }
  const { _sync: _, ...payload } = point.payload
  return { ...point, payload }
}

/** One message with what to do on standard error, this status, and no stack trace anywhere. */
export function expectOneClearMessage(result: CliResult, code: number, message: RegExp): void {
  const seen = `${result.stdout}\n${result.stderr}`
  expect([result.code, seen]).toEqual([code, expect.stringMatching(message)])
  expect(result.stderr.match(/^Error: /gm), result.stderr).toHaveLength(1)
  expect(result.stderr.match(/^To fix it: \S/gm), result.stderr).toHaveLength(1)
  expect(seen).not.toMatch(/^\s+at .*[:(]/m)
}

/** Exactly one JSON object on standard output, which tells of the failure. */
export function expectJsonFailure(result: CliResult, code: number): { readonly error: { readonly code: string } } {
  expect([result.code, result.stdout]).toEqual([code, expect.stringMatching(/^\{[^]*\}\n$/)])
  const report = JSON.parse(result.stdout) as { status: string; error?: { code: string }; sources: { error: { code: string } | null }[] }
  expect(report.status).toBe('failed')
  const error = report.error ?? report.sources.find((source) => source.error !== null)?.error
  if (error === undefined || error === null) throw new Error(`no error in ${result.stdout}`)
  return { error }
}
