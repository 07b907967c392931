import type { ReadsById } from '../api/reads-by-id.ts'

/** Names of people whom a text names by their ids alone. Each is asked for once in a run. */
export class PeopleLookUp {
  readonly #reads: Pick<ReadsById, 'people'>
  readonly #names = new Map<string, string | undefined>()

  constructor(reads: Pick<ReadsById, 'people'>) {
    this.#reads = reads
  }

  /** Undefined: nobody asked yet, or these credentials may not see the person. */
  readonly nameOf = (id: string): string | undefined => this.#names.get(id)

  /** True when it makes no sense to ask (again). */
  knows(id: string): boolean {
    return this.#names.has(id)
  }

  async ask(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const names = await this.#reads.people(ids, signal)
    for (const id of ids) this.#names.set(id, names.get(id))
  }
}
