import { GIT_ENVIRONMENT } from '@qdrant-loader/simulators'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A file as it is committed: its text or bytes, or another kind of entry. */
export type TestFile = string | Buffer | { readonly mode: string; readonly content: string | Buffer }
/** Paths to files; null deletes. A path may be given as bytes (`latin1:` and the bytes as characters). */
export type TestFiles = Readonly<Record<string, TestFile | null>>

interface CommitOptions {
  readonly branch?: string
  /** Seconds since the epoch; default: one minute after the last commit. */
  readonly time?: number
  readonly author?: string | Buffer
  /** First parent; default: the branch. `null`: none. */
  readonly parent?: string | null
  readonly merge?: readonly string[]
}

const START = 1_700_000_000

/** A bare repository in a temporary folder, written through `git fast-import`: any path bytes, any dates. */
export class TestRepository {
  readonly path: string
  #time = START

  private constructor(path: string) {
    this.path = path
  }

  static async create(objectFormat: 'sha1' | 'sha256' = 'sha1'): Promise<TestRepository> {
    const repository = new TestRepository(await mkdtemp(join(tmpdir(), 'connector-git-repository-')))
    await repository.git('init', '--quiet', '--bare', '--initial-branch=main', `--object-format=${objectFormat}`)
    return repository
  }

  async dispose(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 })
  }

  /** Runs git in it. */
  async git(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('git', args, { cwd: this.path, env: GIT_ENVIRONMENT, maxBuffer: 2 ** 26 })
    return stdout.trimEnd()
  }

  /** Commits changes on top of the branch. Returns the commit's id. */
  async commit(files: TestFiles, options: CommitOptions = {}): Promise<string> {
    const branch = options.branch ?? 'main'
    this.#time = options.time ?? this.#time + 60
    const parent = options.parent === undefined ? await this.tip(branch) : (options.parent ?? undefined)
    const parts: (string | Buffer)[] = []
    // fast-import goes on from the branch by itself; another parent needs a clean start.
    if (parent === undefined || options.parent !== undefined) parts.push(`reset refs/heads/${branch}\n\n`)
    const author = Buffer.isBuffer(options.author) ? options.author : Buffer.from(options.author ?? 'Test Author')
    parts.push(`commit refs/heads/${branch}\nauthor `, author, ` <a@example.com> ${this.#time} +1300\n`)
    parts.push(`committer Committer <c@example.com> ${this.#time} -0500\ndata 1\n.\n`)
    if (parent !== undefined) parts.push(`from ${parent}\n`)
    for (const merged of options.merge ?? []) parts.push(`merge ${merged}\n`)
    for (const [path, file] of Object.entries(files)) parts.push(...fileCommand(path, file))
    parts.push('\n')
    await this.#import(Buffer.concat(parts.map((part) => Buffer.from(part))))
    return (await this.tip(branch)) ?? ''
  }

  /** Commits one after the other on top of `main`, all of them through one git. */
  async commitAll(commits: readonly TestFiles[]): Promise<void> {
    const parent = await this.tip()
    const parts: (string | Buffer)[] = []
    for (const [index, files] of commits.entries()) {
      this.#time += 60
      const person = `A <a@example.com> ${this.#time} +0000`
      parts.push(`commit refs/heads/main\nauthor ${person}\ncommitter ${person}\ndata 1\n.\n`)
      if (index === 0 && parent !== undefined) parts.push(`from ${parent}\n`)
      for (const [path, file] of Object.entries(files)) parts.push(...fileCommand(path, file))
      parts.push('\n')
    }
    await this.#import(Buffer.concat(parts.map((part) => Buffer.from(part))))
  }

  /** The commit a branch points to. */
  async tip(branch = 'main'): Promise<string | undefined> {
    return this.git('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`).catch(() => undefined)
  }

  /** The time of the last commit, in seconds. */
  get time(): number {
    return this.#time
  }

  async #import(stream: Buffer): Promise<void> {
    const child = spawn('git', ['fast-import', '--quiet', '--force', '--date-format=raw'], {
      cwd: this.path,
      env: GIT_ENVIRONMENT,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.stdin.end(stream)
    const [code] = (await once(child, 'close')) as [number]
    if (code !== 0) throw new Error(`git fast-import ended with ${code}: ${stderr}`)
  }
}

function fileCommand(path: string, file: TestFile | null): (string | Buffer)[] {
  const bytes = path.startsWith('latin1:') ? Buffer.from(path.slice(7), 'latin1') : Buffer.from(path)
  const quoted = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  if (file === null) return [`D "${quoted}"\n`]
  const { mode, content } = typeof file === 'string' || Buffer.isBuffer(file) ? { mode: '100644', content: file } : file
  if (mode === '160000') return [`M 160000 ${content.toString()} "${quoted}"\n`]
  const data = Buffer.from(content)
  return [`M ${mode} inline "${quoted}"\ndata ${data.length}\n`, data, '\n']
}
