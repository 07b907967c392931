import type { SimulatedContent } from './entities.ts'

/** Answers in which a broken page may be. `bare`: also those that show of it little more than that it is there. */
export const BROKEN_IN = ['text', 'listing', 'search', 'bare'] as const

export type BrokenIn = (typeof BROKEN_IN)[number]

/** A page makes every answer fail that holds it. */
export interface BrokenPage {
  /** Default: all. */
  readonly in?: readonly BrokenIn[]
  /** With 500, or never. Default 500. */
  readonly how?: '500' | 'hangs'
}

/** What an answer is about to show. */
export class BrokenAnswer extends Error {
  readonly how: '500' | 'hangs'

  constructor(how: '500' | 'hangs') {
    super('java.lang.NullPointerException')
    this.how = how
  }
}

/** Pages that the server cannot show, as a broken macro, a missing attachment or a corrupt row make them. */
export class BrokenPages {
  readonly #pages = new Map<string, BrokenPage>()

  add(id: string, page: BrokenPage = {}): void {
    this.#pages.set(id, page)
  }

  mend(id: string): void {
    this.#pages.delete(id)
  }

  /** @throws BrokenAnswer when this content cannot be shown in such an answer. */
  check({ id }: SimulatedContent, where: BrokenIn): void {
    const page = this.#pages.get(id)
    if (page && (page.in ?? BROKEN_IN).includes(where)) throw new BrokenAnswer(page.how ?? '500')
  }
}
