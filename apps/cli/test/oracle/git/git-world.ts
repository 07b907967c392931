import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An entry of a tree: a file, or something that is no document. */
export type Entry =
  | { readonly kind: 'file'; readonly content: Buffer; readonly executable?: boolean }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'submodule'; readonly commit: string }

export type Tree = ReadonlyMap<string, Entry>

/** Environment in which git reads nothing of the user's. */
const GIT_ENV = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  LC_ALL: 'C',
}

/** Runs git and returns its standard output; throws with its standard error when it fails. */
export function git(directory: string, args: readonly string[], input?: Buffer | string): Buffer {
  const result = spawnSync('git', args, { cwd: directory, env: GIT_ENV, maxBuffer: 1 << 30, ...(input === undefined ? {} : { input }) })
  if (result.status !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr.toString()}`)
  return result.stdout
}

/**
 * A real repository that is written through `git fast-import`, with a model of its branch beside it. Each commit is
 * given as a whole tree, so that the model and the repository cannot drift apart.
 */
export class GitWorld {
  readonly directory: string
  readonly branch = 'main'
  /** Commits of the branch, oldest first, with their trees. */
  #commits: { readonly mark: number; readonly tree: Tree }[] = []
  #mark = 0
  #pending: Buffer[] = []
  #clock: number

  constructor(startSeconds = 1_700_000_000) {
    this.directory = mkdtempSync(join(tmpdir(), 'git-world-'))
    this.#clock = startSeconds
    git(this.directory, ['init', '-q', '--bare', '-b', this.branch])
  }

  get tree(): Tree {
    return this.#commits.at(-1)?.tree ?? new Map()
  }

  get length(): number {
    return this.#commits.length
  }

  /** A commit on top of the branch. `secondsLater` may be negative: clocks of authors differ. */
  commit(tree: Tree, secondsLater = 60): void {
    const parent = this.#commits.at(-1)
    this.#commits.push({ mark: this.#write(tree, parent === undefined ? [] : [parent.mark], secondsLater), tree })
  }

  /** A side branch from `stepsBack` commits ago with its own commits, merged with `merged` as the result. */
  merge(stepsBack: number, side: readonly Tree[], merged: Tree): void {
    const base = this.#commits.at(-1 - stepsBack) ?? this.#commits[0]
    const head = this.#commits.at(-1)
    if (base === undefined || head === undefined) return
    let parent = base.mark
    for (const tree of side) parent = this.#write(tree, [parent], -30)
    this.#commits.push({ mark: this.#write(merged, [head.mark, parent], 60), tree: merged })
  }

  /** Drops the last commits, synced or not, as a force-push does. */
  rewind(stepsBack: number): void {
    this.#commits = this.#commits.slice(0, Math.max(1, this.#commits.length - stepsBack))
  }

  treeAt(stepsBack: number): Tree {
    return (this.#commits.at(-1 - stepsBack) ?? this.#commits[0])?.tree ?? new Map()
  }

  /** Brings the repository up to the model. */
  flush(): void {
    const head = this.#commits.at(-1)
    const reset = head === undefined ? [] : [Buffer.from(`reset refs/heads/${this.branch}\nfrom :${head.mark}\n\n`)]
    const marks = join(this.directory, 'world-marks')
    git(
      this.directory,
      ['fast-import', '--quiet', '--force', `--import-marks-if-exists=${marks}`, `--export-marks=${marks}`],
      Buffer.concat([...this.#pending, ...reset, Buffer.from('done\n')]),
    )
    this.#pending = []
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  #write(tree: Tree, parents: readonly number[], secondsLater: number): number {
    this.#mark += 1
    this.#clock += secondsLater
    const author = `A${this.#mark % 3} <a${this.#mark % 3}@example.com> ${this.#clock} +0${this.#mark % 10}00`
    const [first, ...others] = parents
    const lines = [
      `commit refs/worlds/${this.#mark}`,
      `mark :${this.#mark}`,
      `author ${author}`,
      `committer ${author}`,
      'data 1\nx',
      ...(first === undefined ? [] : [`from :${first}`]),
      ...others.map((mark) => `merge :${mark}`),
      'deleteall',
    ]
    this.#pending.push(Buffer.from(`${lines.join('\n')}\n`))
    for (const [path, entry] of tree) this.#pending.push(...entryCommands(path, entry))
    this.#pending.push(Buffer.from('\n'))
    return this.#mark
  }
}

function entryCommands(path: string, entry: Entry): readonly Buffer[] {
  const quoted = quotePath(path)
  switch (entry.kind) {
    case 'file':
      return [
        Buffer.from(`M ${entry.executable === true ? '100755' : '100644'} inline ${quoted}\ndata ${entry.content.length}\n`),
        entry.content,
        Buffer.from('\n'),
      ]
    case 'symlink': {
      const target = Buffer.from(entry.target)
      return [Buffer.from(`M 120000 inline ${quoted}\ndata ${target.length}\n`), target, Buffer.from('\n')]
    }
    case 'submodule':
      return [Buffer.from(`M 160000 ${entry.commit} ${quoted}\n`)]
  }
}

/** C-style quoting, as fast-import reads it. */
function quotePath(path: string): string {
  return `"${path.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`
}
