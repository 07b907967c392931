import { parentOf } from '../site/head.ts'
import type { Head } from '../site/head.ts'
import type { Surroundings } from '../stub.ts'

/** The selected documents, and what they are to each other. */
export class DocumentTree {
  readonly #pages = new Map<string, Head>()
  readonly #children = new Map<string, string[]>()

  /** `pages`: the selected pages and blog posts. */
  constructor(pages: Iterable<Head>) {
    for (const page of pages) {
      this.#pages.set(page.id, page)
      const parent = parentOf(page)
      if (parent === undefined) continue
      const children = this.#children.get(parent) ?? []
      children.push(page.id)
      this.#children.set(parent, children)
    }
  }

  /** What the payload of a document needs beside its own head. */
  around(head: Head): Surroundings {
    return {
      children: this.#children.get(head.id) ?? [],
      ...(head.container !== undefined && { page: this.#pages.get(head.container) }),
    }
  }

  /** Comments are selected with the page they stand on. */
  holds(comment: Head): boolean {
    return comment.container !== undefined && this.#pages.has(comment.container)
  }
}
