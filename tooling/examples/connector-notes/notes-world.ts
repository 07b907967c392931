import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { World } from '@qdrant-loader/connector-testkit'

/** A folder of notes as the conformance suite changes it. */
export class NotesWorld implements World {
  readonly lacks = {
    rename: 'a note that is renamed is another note',
    touch: 'its text is all there is to a note',
    breakOff: 'a folder is listed in one call',
    pageSize: 'a folder is listed in one call',
    refuse: 'nobody is asked for a password',
    repeat: 'no listing leads to another one',
    stall: 'a folder does not keep one waiting',
    spoil: 'a note that cannot be read is one whose permissions are wrong; see the README',
    secrets: 'a folder has no secrets',
  }
  readonly #root: string
  readonly #texts = new Map<string, string>()
  #clock = 1_000

  constructor(root: string) {
    this.#root = root
  }

  static async create(): Promise<NotesWorld> {
    const world = new NotesWorld(await mkdtemp(join(tmpdir(), 'notes-')))
    await mkdir(world.#folder)
    return world
  }

  get #folder(): string {
    return join(this.#root, 'notes')
  }

  get config(): Readonly<Record<string, unknown>> {
    return { folder: this.#folder }
  }

  documents(): ReadonlyMap<string, string> {
    return new Map(this.#texts)
  }

  async write(name: string, text: string): Promise<void> {
    const path = join(this.#folder, `${name}.md`)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    // Some file systems tell times apart by seconds only; a clock of the world's own leaves nothing to chance.
    this.#clock += 1
    await utimes(path, this.#clock, this.#clock)
    this.#texts.set(`${name}.md`, text)
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#folder, `${name}.md`))
    this.#texts.delete(`${name}.md`)
  }

  async fail(): Promise<void> {
    await rename(this.#folder, `${this.#folder}-away`)
  }

  async heal(): Promise<void> {
    await rename(`${this.#folder}-away`, this.#folder)
  }

  async dispose(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true })
  }
}
