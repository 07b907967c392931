import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Files in one folder, and folders in one folder above it. */
const PER_FOLDER = 50
/** Size of each file in bytes. */
const FILE_BYTES = 1_024
/** Times start here, so that a repository is the same in every run. */
const EPOCH = 1_700_000_000
const WORDS = (
  'the service reads a queue and writes each message to storage before it answers when request fails client waits then ' +
  'tries again with longer pause operators can change limits at any time without restart every value has unit default ' +
  'range index search vector document source project page branch commit token secret cache timeout retry batch worker ' +
  'network certificate proxy region cluster backup restore schema migration table column record event listener handler'
).split(' ')

/** A bare repository of Markdown files that is written through `git fast-import`, the same bytes in every run. */
export class BenchRepository {
  readonly directory: string
  readonly files: number
  #commits = 0

  private constructor(directory: string, files: number) {
    this.directory = directory
    this.files = files
  }

  /** Writes `files` files of 1 KB in nested folders, in one commit: a title and so many sections below it. */
  static async create(directory: string, files: number, sections = 2): Promise<BenchRepository> {
    const made = spawnSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', directory])
    if (made.status !== 0) throw new Error(`git init failed: ${made.stderr.toString()}`)
    const repository = new BenchRepository(directory, files)
    await repository.#import(function* () {
      yield repository.#commitLine('All files')
      for (let index = 0; index < files; index++) yield fileLine(pathOf(index), markdown(index, 0, sections))
    })
    return repository
  }

  /** A commit that changes one paragraph of one file. */
  async commitOneFile(): Promise<void> {
    const revision = this.#commits
    const index = Math.floor(this.files / 2) + (revision % 7)
    const line = this.#commitLine(`Edit ${revision}`)
    await this.#import(function* () {
      yield `${line}from refs/heads/main^0\n`
      yield fileLine(pathOf(index), markdown(index, revision, 2))
    })
  }

  #commitLine(message: string): string {
    const time = EPOCH + 60 * this.#commits++
    return `commit refs/heads/main\ncommitter Bench <bench@example.org> ${time} +0000\ndata ${message.length}\n${message}\n`
  }

  async #import(lines: () => Iterable<string>): Promise<void> {
    const child = spawn('git', ['fast-import', '--quiet', '--date-format=raw'], {
      cwd: this.directory,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    const closed = once(child, 'close')
    await writeAll(child, lines())
    const [code] = await closed
    if (code !== 0) throw new Error(`git fast-import ended with ${code}`)
  }
}

async function writeAll({ stdin }: ChildProcess, lines: Iterable<string>): Promise<void> {
  if (stdin === null) throw new Error('git fast-import has no standard input')
  let block = ''
  for (const line of lines) {
    block += line
    if (block.length < 1 << 18) continue
    if (!stdin.write(block)) await once(stdin, 'drain')
    block = ''
  }
  stdin.end(block)
}

// Everything is ASCII, so characters are bytes.
function fileLine(path: string, text: string): string {
  return `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`
}

function pathOf(index: number): string {
  const folder = Math.floor(index / PER_FOLDER)
  return join(`area-${Math.floor(folder / PER_FOLDER)}`, `topic-${folder % PER_FOLDER}`, `page-${index}.md`)
}

/** A page with a title, headings below it and about 1 KB of words. No two pages share a paragraph. */
function markdown(index: number, revision: number, sectionCount: number): string {
  const next = randomOf(index + 1)
  const sections = ['Overview', 'Configuration'].slice(0, sectionCount).map((name) => `## ${name} of ${index}\n\n${words(next, 60)}.\n`)
  const text = `# Page ${index}\n\nRevision ${revision}: ${words(next, 20)}.\n\n${sections.join('\n')}`
  return `${text.padEnd(FILE_BYTES - 1, ` ${words(next, 80)}.\n\n${words(next, 80)}`).slice(0, FILE_BYTES - 1)}\n`
}

function words(next: () => number, count: number): string {
  return Array.from({ length: count }, () => WORDS[Math.floor(next() * WORDS.length)]).join(' ')
}

/** Numbers from 0 to 1 that depend on the seed alone (a linear congruential generator; Numerical Recipes' constants). */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
