import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { ContentV1 } from '../schemas.ts'
import { personOf } from './content-v1.ts'

/** Told what a user should know, with details. */
export type Warn = (message: string, details?: Readonly<Record<string, string>>) => void

/**
 * The names that contents come with, for accounts and tokens that may not ask for those of people. Whoever wrote or edited
 * something has one there.
 */
export class KnownPeople {
  readonly #names = new Map<string, string>()
  readonly #warn: () => void
  #refused = false

  /** `warn` is called once, when the first look-up is refused. */
  constructor(warn: () => void) {
    this.#warn = warn
  }

  get refused(): boolean {
    return this.#refused
  }

  take(contents: readonly ContentV1[]): void {
    for (const { history, version } of contents) {
      for (const user of [history?.createdBy, version?.by]) {
        const person = personOf(user)
        if (person?.name !== undefined) this.#names.set(person.id, person.name)
      }
    }
  }

  /** What is known of these people without asking. */
  of(ids: readonly string[]): ReadonlyMap<string, string> {
    return new Map(ids.flatMap((id) => (this.#names.has(id) ? [[id, this.#names.get(id) as string] as const] : [])))
  }

  /** Looks names up, unless that was refused before. */
  async names(ids: readonly string[], lookUp: () => Promise<ReadonlyMap<string, string>>): Promise<ReadonlyMap<string, string>> {
    if (this.#refused) return this.of(ids)
    try {
      return await lookUp()
    } catch (error) {
      if (!isLoaderError(error) || error.kind !== 'auth') throw error
      this.#refused = true
      this.#warn()
      return this.of(ids)
    }
  }
}
