import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { decodeText, extractPage } from '@qdrant-loader/content'
import { ManualServer } from './manual-server.ts'
import { runCommand } from './measure.ts'

// Two releases of a manual, as folders of HTML: the older one is served and synced, then the newer one takes its place.
// Prints how many pages changed in their bytes and in their text, and what the second sync did about it.

const USAGE = `pnpm bench:manual OLD NEW [--copies N]

  OLD, NEW      folders with two releases of a manual in HTML
  --copies N    serve each release N times below /1/, /2/, …: the same manual, grown
`
const ROOT = join(import.meta.dirname, '..', '..')
const CLI = join(ROOT, 'apps', 'cli', 'bin', 'qdrant-loader.js')

/** The part of a sync's report that is printed. */
interface Report {
  readonly status: string
  readonly sources: readonly [
    {
      readonly documents: Readonly<Record<'added' | 'updated' | 'moved' | 'deleted' | 'unchanged' | 'failed', number>>
      readonly chunks: { readonly embedded: number; readonly reused: number }
      readonly points: { readonly upserted: number; readonly payload_updated: number; readonly deleted: number }
      readonly requests: { readonly source: number; readonly content: number }
      readonly duration_ms: number
    },
  ]
}

async function main(): Promise<number> {
  const options = readOptions()
  if (options === undefined) return 2
  const home = mkdtempSync(join(tmpdir(), 'qdrant-loader-manual-'))
  const server = await ManualServer.start(options.older, options.copies)
  try {
    print('machine', `Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`)
    const changed = changedPages(options.older, options.newer)
    const bench = new ManualSync(home, server)
    await bench.sync('first sync')
    await bench.sync('unchanged sync')
    const before = await bench.points()
    server.folder = options.newer
    await bench.sync('sync of the new release')
    const reembedded = new Set([...(await bench.points())].filter(([id]) => !before.has(id)).map(([, document]) => document))
    print('pages in both releases', changed.both * options.copies)
    print('  changed in bytes', changed.bytes * options.copies)
    print('  changed in text', changed.text * options.copies)
    print('pages only in the new release', changed.added * options.copies)
    print('pages with new chunks', reembedded.size)
    return 0
  } finally {
    await server.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** The built command with a configuration of its own, and every default but the embedder and the pace. */
class ManualSync {
  readonly #home: string
  readonly #server: ManualServer

  constructor(home: string, server: ManualServer) {
    this.#home = home
    this.#server = server
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'qdrant-loader.yaml'), configuration(server.url))
  }

  async sync(name: string): Promise<void> {
    this.#server.taken()
    const peak = join(this.#home, 'peak-memory')
    const output = await this.#run(['sync', '--json'], peak)
    const { status, sources } = JSON.parse(output) as Report
    const { documents, chunks, points, requests, duration_ms: ms } = sources[0]
    const { requests: seen, unchanged, bodies } = this.#server.taken()
    const pages = documents.added + documents.updated + documents.unchanged
    print(name, `${status}, ${(ms / 1_000).toFixed(1)} s, ${Math.round((pages * 1_000) / ms)} pages a second, peak ${Math.round(Number(readFileSync(peak, 'utf8')) / 1_024)} MB`)
    print('  documents', JSON.stringify(documents))
    print('  chunks, points', JSON.stringify({ ...chunks, ...points }))
    print('  requests', JSON.stringify({ ...requests, at_the_server: seen, with_304: unchanged, with_body: bodies }))
  }

  /** Point id to document id. */
  async points(): Promise<ReadonlyMap<string, string>> {
    const lines = (await this.#run(['export', '--no-vectors'])).split('\n').filter((line) => line !== '')
    return new Map(
      lines.map((line) => {
        const { id, payload } = JSON.parse(line) as { readonly id: string; readonly payload: { readonly document_id: string } }
        return [id, payload.document_id]
      }),
    )
  }

  #run(words: readonly string[], peak?: string): Promise<string> {
    const preload = peak === undefined ? [] : ['--require', join(import.meta.dirname, 'peak-memory.cjs')]
    return runCommand({
      program: process.execPath,
      args: [...preload, CLI, ...words, '--config', join(this.#home, 'qdrant-loader.yaml')],
      env: { ...process.env, HOME: this.#home, XDG_CACHE_HOME: join(this.#home, '.cache'), BENCH_PEAK_MEMORY_FILE: peak ?? '' },
    })
  }
}

function configuration(url: string): string {
  return `global:
  embedding: { provider: hash }
  embedded: { path: ./points.db }
  state_management: { database_path: ./state/state.db }
sources:
  public-docs:
    manual:
      base_url: ${url}
      allow_private_networks: true
      requests_per_minute: 1000000
      max_pages: 100000
`
}

/** How the HTML files of two folders differ: in their bytes, and in the text that is extracted from them. */
function changedPages(older: string, newer: string): { both: number; bytes: number; text: number; added: number } {
  const counts = { both: 0, bytes: 0, text: 0, added: 0 }
  const before = new Set(htmlFiles(older))
  for (const file of htmlFiles(newer)) {
    if (!before.has(file)) {
      counts.added += 1
      continue
    }
    counts.both += 1
    const [one, other] = [readFileSync(join(older, file)), readFileSync(join(newer, file))]
    if (one.equals(other)) continue
    counts.bytes += 1
    if (textOf(one, file) !== textOf(other, file)) counts.text += 1
  }
  return counts
}

function textOf(bytes: Buffer, file: string): string {
  const { text } = decodeText(bytes, 'text/html', { html: true })
  return extractPage(text, { url: `http://127.0.0.1/${file}` }).markdown
}

function htmlFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && /\.x?html?$/.test(entry.name)).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

function readOptions(): { readonly older: string; readonly newer: string; readonly copies: number } | undefined {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { copies: { type: 'string', default: '1' } } })
    const [older, newer] = positionals
    const copies = Number(values.copies)
    if (older !== undefined && newer !== undefined && Number.isSafeInteger(copies) && copies > 0) return { older, newer, copies }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  process.stderr.write(USAGE)
  return undefined
}

function print(name: string, value: string | number): void {
  process.stdout.write(`${name.padEnd(30)} ${value}\n`)
}

process.exitCode = await main()
