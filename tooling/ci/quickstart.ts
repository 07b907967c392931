import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

// `pnpm run quickstart`: syncs this repository's own documentation, with its history, into the embedded store with the
// offline embedder, searches it, and syncs again. Everything it writes is in `.quickstart/`.

const ROOT = join(import.meta.dirname, '..', '..')
const FOLDER = join(ROOT, '.quickstart')
const CLI = join(ROOT, 'apps', 'cli', 'bin', 'qdrant-loader.js')
const CONFIG = join(FOLDER, 'qdrant-loader.yaml')
const QUESTION = 'what happens when too many documents would be deleted at once'

const CONFIGURATION = `# The quick start: this repository, the embedded store, the offline embedder.
global:
  embedded:
    path: points.db
  state_management:
    database_path: state.db

sources:
  git:
    this-repository:
      base_url: ..
      file_types: ["*.md"]
`

function say(text: string): void {
  process.stdout.write(`\n${text}\n`)
}

function qdrantLoader(...args: readonly string[]): string {
  const [command = ''] = args
  say(`$ qdrant-loader ${args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ')}`)
  const machine = args.includes('--json')
  const { status, stdout, error } = spawnSync(process.execPath, [CLI, ...args, '--config', CONFIG], {
    cwd: ROOT,
    stdio: ['ignore', machine ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  if (status !== 0) {
    process.stdout.write(stdout ?? '')
    throw new Error(`qdrant-loader ${command} ended with status ${status}`)
  }
  return stdout ?? ''
}

interface Report {
  readonly totals: { readonly chunks: { readonly embedded: number }; readonly points: { readonly upserted: number } }
}

function main(): void {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(CONFIG, CONFIGURATION)
  say(`Configuration: ${relative(ROOT, CONFIG)}`)
  qdrantLoader('sync')
  qdrantLoader('search', QUESTION, '--limit', '3')
  const { totals } = JSON.parse(qdrantLoader('sync', '--json')) as Report
  if (totals.chunks.embedded !== 0 || totals.points.upserted !== 0) throw new Error('the second sync did work again')
  say(`The second sync embedded ${totals.chunks.embedded} chunks and wrote ${totals.points.upserted} points: nothing had changed.`)
}

try {
  main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
