import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PackedPackages, PLAIN_ENV } from '../build/packed-packages.ts'

// `pnpm run check:example`: the example connector as somebody has it who copied its folder: outside of this repository,
// with our packages as they would be published. It is built, type-checked and tested with its own commands, and then the
// packed command line reads notes with it. Needs a build; dependencies of others come from npm's cache or the registry.

const ROOT = join(import.meta.dirname, '..', '..')
const EXAMPLE = join(ROOT, 'tooling', 'examples', 'connector-notes')
const CONFIGURATION = `global:
  embedding: { provider: hash, dimensions: 64 }
  embedded: { path: points.db }
  state_management: { database_path: state.db }
sources:
  notes:
    mine:
      package: "@example/connector-notes"
      folder: ./notes
`

function main(scratch: string): void {
  const [connector, project] = [join(scratch, 'connector-notes'), join(scratch, 'project')]
  cpSync(EXAMPLE, connector, { recursive: true, filter: (path) => !['node_modules', 'dist'].includes(basename(path)) })
  say('our packages are packed')
  const packages = PackedPackages.pack(scratch)
  say('the connector is installed, with what it is developed with')
  packages.installFor(connector)
  for (const command of ['build', 'typecheck', 'test']) {
    say(`npm run ${command}`)
    run(connector, 'npm', ['run', command])
  }
  say('the command line is installed beside notes, and the connector from its folder')
  packages.install(project, ['@qdrant-loader/cli'])
  run(project, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', '../connector-notes'])
  readNotes(project)
}

/** A first sync, and one after an edit and a removal. */
function readNotes(project: string): void {
  const note = (name: string, text: string) => writeFileSync(join(project, 'notes', name), `# ${name}\n\n${text}\n`)
  mkdirSync(join(project, 'notes'))
  writeFileSync(join(project, 'qdrant-loader.yaml'), CONFIGURATION)
  note('badge.md', 'A badge is made at the front desk.')
  note('lunch.md', 'Lunch is at noon.')
  expectDocuments(project, { added: 2, deleted: 0, failed: 0 })
  note('badge.md', 'A badge is made in room 7.')
  rmSync(join(project, 'notes', 'lunch.md'))
  expectDocuments(project, { updated: 1, deleted: 1, failed: 0 })
  expectDocuments(project, { unchanged: 1, updated: 0, deleted: 0 })
  const found = qdrantLoader(project, 'search', 'room 7')
  if (!found.includes('room 7')) throw new Error(`the search does not find the note: ${found}`)
}

function expectDocuments(project: string, expected: Readonly<Record<string, number>>): void {
  const { totals } = JSON.parse(qdrantLoader(project, 'sync', '--json')) as { readonly totals: { readonly documents: Readonly<Record<string, number>> } }
  const { documents } = totals
  process.stdout.write(`   sync: ${Object.entries(documents).map(([name, count]) => `${count} ${name}`).join(', ')}\n`)
  for (const [name, count] of Object.entries(expected)) {
    if (documents[name] !== count) throw new Error(`a sync has ${documents[name]} documents ${name} and not ${count}`)
  }
}

function qdrantLoader(project: string, ...args: readonly string[]): string {
  return run(project, join(project, 'node_modules', '.bin', 'qdrant-loader'), args, { XDG_STATE_HOME: project, XDG_CACHE_HOME: project })
}

/** @throws with all that the program said, where it does not end well. */
function run(cwd: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env: { ...PLAIN_ENV, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  return stdout
}

const begun = performance.now()

function say(what: string): void {
  process.stdout.write(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(5)} s  ${what}\n`)
}

// The real path: npm makes relative links to folders.
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'example-connector-')))
try {
  main(scratch)
  say('done')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
