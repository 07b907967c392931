import { rename } from 'node:fs/promises'
import type { World } from '@qdrant-loader/connector-testkit'
import { TestRepository } from './test-repository.ts'
import type { TestFile } from './test-repository.ts'

/** A Git repository as the conformance suite changes it. Each name is a Markdown file; settling commits. */
export class GitWorld implements World {
  readonly lacks: NonNullable<World['lacks']> = {
    pageSize: 'a tree is one answer',
    breakOff: 'a repository at a path is read by git at once',
    refuse: 'nobody is asked for a token at a path',
    repeat: 'no answer leads to another one',
    stall: 'a path does not keep one waiting',
    spoil: 'an object that is broken breaks the fetch from a path',
    secrets: 'a token goes with http remotes only',
  }
  readonly repository: TestRepository
  readonly #files = new Map<string, string>()
  readonly #pending = new Map<string, TestFile | null>()
  readonly #touched = new Set<string>()

  constructor(repository: TestRepository) {
    this.repository = repository
  }

  static async create(): Promise<GitWorld> {
    const repository = await TestRepository.create()
    // What a connector must not take for a document, whatever happens to the others.
    await repository.commit({
      'picture.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]),
      'link.md': { mode: '120000', content: 'alpha.md' },
      vendor: { mode: '160000', content: '1234567890123456789012345678901234567890' },
      'big.md': 'word '.repeat(3_000),
    })
    return new GitWorld(repository)
  }

  get config(): Readonly<Record<string, unknown>> {
    return { base_url: this.repository.path, max_file_size: '10KB', file_types: ['*.md', '*.png'] }
  }

  documents(): ReadonlyMap<string, string> {
    return new Map(this.#files)
  }

  write(name: string, text: string): void {
    this.#set(`${name}.md`, text)
  }

  remove(name: string): void {
    this.#set(`${name}.md`, undefined)
  }

  rename(from: string, to: string): void {
    const text = this.#files.get(`${from}.md`)
    this.#set(`${from}.md`, undefined)
    this.#set(`${to}.md`, text)
  }

  /** An edit and its revert: no difference in the end, and a later time. */
  touch(name: string): void {
    this.#touched.add(`${name}.md`)
  }

  async settle(): Promise<void> {
    if (this.#pending.size > 0) await this.repository.commit(Object.fromEntries(this.#pending))
    this.#pending.clear()
    for (const path of this.#touched) {
      const text = this.#files.get(path)
      if (text === undefined) continue
      await this.repository.commit({ [path]: `${text}\nFor a moment.\n` })
      await this.repository.commit({ [path]: text })
    }
    this.#touched.clear()
  }

  async fail(): Promise<void> {
    await rename(this.repository.path, `${this.repository.path}-away`)
  }

  async heal(): Promise<void> {
    await rename(`${this.repository.path}-away`, this.repository.path)
  }

  async dispose(): Promise<void> {
    await this.repository.dispose()
  }

  #set(path: string, text: string | undefined): void {
    if (text === undefined) this.#files.delete(path)
    else this.#files.set(path, text)
    this.#pending.set(path, text ?? null)
  }
}
