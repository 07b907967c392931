import { appendFile, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { World } from '@qdrant-loader/connector-testkit'

/** A folder of notes as the conformance suite changes it. */
export class NotesWorld implements World {
  readonly lacks = {
    rename: 'a note with another name is another note',
    touch: 'its text is all there is to a note',
    pageSize: 'a folder is listed in one call',
    breakOff: 'a folder is listed in one call',
    refuse: 'nobody is asked for a password',
    repeat: 'no listing leads to another one',
    stall: 'a folder does not keep one waiting',
    secrets: 'a folder has no secrets',
  }
  readonly #root: string
  readonly #texts = new Map<string, string>()
  #spoilt: string | undefined
  #clock = 1_000

  constructor(root: string) {
    this.#root = root
  }

  static async create(): Promise<NotesWorld> {
    const world = new NotesWorld(await mkdtemp(join(tmpdir(), 'notes-')))
    await mkdir(world.#folder)
    // What the connector must not take for a document, whatever happens to the others.
    await writeFile(join(world.#folder, '_draft.md'), '# A draft\n')
    await writeFile(join(world.#folder, 'picture.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]))
    await writeFile(join(world.#folder, 'empty.md'), '\n')
    return world
  }

  get #folder(): string {
    return join(this.#root, 'notes')
  }

  get config(): Readonly<Record<string, unknown>> {
    return { folder: this.#folder }
  }

  documents(): ReadonlyMap<string, string> {
    return new Map([...this.#texts].map(([name, text]) => [`${name}.md`, text]))
  }

  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(this.#file(name)), { recursive: true })
    await writeFile(this.#file(name), text)
    await this.#changed(name)
    this.#texts.set(name, text)
  }

  async remove(name: string): Promise<void> {
    await rm(this.#file(name))
    this.#texts.delete(name)
  }

  async fail(): Promise<void> {
    await rename(this.#folder, `${this.#folder}-away`)
  }

  /** A byte that no text has. */
  async spoil(name: string): Promise<void> {
    await appendFile(this.#file(name), Buffer.from([0xff]))
    await this.#changed(name)
    this.#spoilt = name
  }

  async heal(): Promise<void> {
    if (this.#spoilt === undefined) return rename(`${this.#folder}-away`, this.#folder)
    await this.write(this.#spoilt, this.#texts.get(this.#spoilt) ?? '')
    this.#spoilt = undefined
  }

  async dispose(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true })
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.md`)
  }

  /** Some file systems tell times apart by seconds only; a clock of the world's own leaves nothing to chance. */
  async #changed(name: string): Promise<void> {
    this.#clock += 1
    await utimes(this.#file(name), this.#clock, this.#clock)
  }
}
