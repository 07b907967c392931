import type { Client } from 'confluence.js/core'
import { getBlogPostLabels, getPageLabels } from 'confluence.js/v2'
import type { PageKind } from './api.ts'
import { globalLabels, labelsCutOff } from './content-v1.ts'
import { mapLimited } from './in-batches.ts'
import { LabelsV2, readAnswer } from './wire.ts'
import type { ContentV1 } from './wire.ts'
import { nextIn } from './next-link.ts'
import { walk } from './walk.ts'

/** Pages asked about at once. */
const AT_ONCE = 4
const PAGE_SIZE = 250

/**
 * The labels of many pages. They come with a search, since no listing of version 2 carries them; a page that the
 * search index does not know (yet) is asked about alone.
 */
export class CloudLabels {
  readonly #call: (work: (client: Client) => Promise<unknown>) => Promise<unknown>

  constructor(call: (work: (client: Client) => Promise<unknown>) => Promise<unknown>) {
    this.#call = call
  }

  async of(
    contents: readonly { readonly kind: PageKind; readonly page: { readonly id: string } }[],
    searched: readonly ContentV1[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const whole = searched.filter((content) => !labelsCutOff(content))
    const labels = new Map(whole.map((content) => [content.id, globalLabels(content.metadata?.labels?.results ?? [])]))
    const missing = contents.filter(({ page }) => !labels.has(page.id))
    await mapLimited(missing, AT_ONCE, async ({ kind, page }) => {
      labels.set(page.id, await this.#alone(kind, page.id))
    })
    return labels
  }

  async #alone(kind: PageKind, id: string): Promise<string[]> {
    const read = kind === 'page' ? getPageLabels : getBlogPostLabels
    const found = await walk(
      async (cursor) => {
        const answer = await this.#call((client) => read(client, { id: Number(id), limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) }))
        if (answer === undefined) return { items: [], next: undefined }
        const { results, _links } = readAnswer(LabelsV2, answer, `the labels of ${id}`)
        return { items: results, next: nextIn(_links?.next, 'cursor', `the labels of ${id}`) }
      },
      { what: `the labels of ${id}` },
    )
    return globalLabels(found)
  }
}
