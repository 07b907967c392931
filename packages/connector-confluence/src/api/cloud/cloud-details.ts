import type { Client } from 'confluence.js/core'
import { getBlogPostLabels, getBlogpostAttachments, getPageAttachments, getPageLabels } from 'confluence.js/v2'
import type { z } from 'zod'
import { AttachmentsV2, LabelsV2, readAnswer } from '../../schemas.ts'
import type { ContentV1, ResultsOf } from '../../schemas.ts'
import type { PageKind } from '../confluence-api.ts'
import { attachmentNames, attachmentsShown, globalLabels, labelsShown } from '../content-v1.ts'
import { mapLimited } from '../in-batches.ts'
import { nextIn } from '../next-link.ts'
import { walk } from '../walk.ts'

/** Pages asked about at once. */
const AT_ONCE = 4
const PAGE_SIZE = 250

/** What version 2 of the API does not list together with pages. */
export interface Details {
  readonly labels: readonly string[]
  readonly attachments: readonly string[]
}

interface Parameters {
  readonly id: number
  readonly limit: number
  readonly cursor?: string
}

/** What a search shows of some ids, and those that it cannot show. */
export interface SearchedIds {
  readonly contents: readonly ContentV1[]
  readonly broken: readonly string[]
}

/** What {@link CloudDetails} needs. */
export interface CloudDetailsDeps {
  /** Answers undefined for what is not there. */
  readonly call: (work: (client: Client) => Promise<unknown>) => Promise<unknown>
  /** Told of pages whose labels or files cannot be read. @throws the error where that is not the fault of the page. */
  readonly unreadable: (id: string, error: unknown) => Promise<void>
  readonly search: (keys: readonly string[], kinds: readonly PageKind[]) => Promise<readonly ContentV1[]>
  readonly searchIds: (ids: readonly string[]) => Promise<SearchedIds>
}

/**
 * The labels and attached files of many pages. They come with a search, since no listing of version 2 carries them; a
 * page that the search index does not know (yet), or of which it shows a part, is asked about alone.
 */
export class CloudDetails {
  readonly #deps: CloudDetailsDeps

  constructor(deps: CloudDetailsDeps) {
    this.#deps = deps
  }

  /** What a search shows of all contents of these spaces. */
  search(keys: readonly string[], kinds: readonly PageKind[]): Promise<readonly ContentV1[]> {
    return this.#deps.search(keys, kinds)
  }

  /** The same for these ids: where one of them makes a search fail, the others are found. */
  ofIds(ids: readonly string[]): Promise<SearchedIds> {
    return this.#deps.searchIds(ids)
  }

  async of(
    contents: readonly { readonly kind: PageKind; readonly page: { readonly id: string } }[],
    searched: readonly ContentV1[],
  ): Promise<ReadonlyMap<string, Details>> {
    const shown = new Map(searched.map((content) => [content.id, content]))
    const details = await mapLimited(contents, AT_ONCE, async ({ kind, page: { id } }) => {
      const content = shown.get(id)
      return [
        id,
        {
          labels: (content && labelsShown(content)) ?? (await this.labels(kind, id)),
          attachments: (content && attachmentsShown(content)) ?? (await this.attachments(kind, id)),
        },
      ] as const
    })
    return new Map(details)
  }

  /** Global labels of one page, sorted. */
  async labels(kind: PageKind, id: string): Promise<string[]> {
    const read = kind === 'page' ? getPageLabels : getBlogPostLabels
    return globalLabels(await this.#all(LabelsV2, `the labels of ${id}`, (client, parameters) => read(client, parameters), id))
  }

  /** Names of the files that are attached to one page, sorted. */
  async attachments(kind: PageKind, id: string): Promise<string[]> {
    const read = kind === 'page' ? getPageAttachments : getBlogpostAttachments
    return attachmentNames(
      await this.#all(AttachmentsV2, `the attachments of ${id}`, (client, parameters) => read(client, { ...parameters, status: ['current'] }), id),
    )
  }

  async #all<Item extends { readonly id: string }>(
    schema: z.ZodType<ResultsOf<Item>>,
    what: string,
    read: (client: Client, parameters: Parameters) => Promise<unknown>,
    id: string,
  ): Promise<readonly Item[]> {
    const all = walk(
      async (cursor) => {
        const parameters = { id: Number(id), limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) }
        const answer = await this.#deps.call((client) => read(client, parameters))
        if (answer === undefined) return { items: [], next: undefined }
        const { results, _links } = readAnswer(schema, answer, what)
        return { items: results, next: nextIn(_links?.next, 'cursor', what) }
      },
      { what },
    )
    return await all.catch(async (error: unknown) => {
      await this.#deps.unreadable(id, error)
      return []
    })
  }
}
