import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { Client } from 'confluence.js/core'
import { getDatabaseById, getFolderById, getPageDescendants, getSmartLinkById, getWhiteboardById } from 'confluence.js/v2'
import { z } from 'zod'
import { PagesV2, PageV2, readAnswer } from '../../schemas.ts'
import { mapLimited } from '../in-batches.ts'
import { nextIn } from '../next-link.ts'
import { walk } from '../walk.ts'
import type { ListingPage } from '../walk.ts'
import type { TreeNode } from './page-chains.ts'
import { nodeOf } from './page-v2.ts'

/** Asked about at once. */
const AT_ONCE = 4
/** The largest page of a listing. */
const PAGE_SIZE = 250
/** How far down a page's tree is listed at most. */
const DEPTH = 10

const Parent = PageV2.pick({ title: true, parentId: true, parentType: true })
const Descendant = PageV2.pick({ id: true, title: true, parentId: true }).extend({ type: z.string() })
const Descendants = PagesV2.extend({ results: z.array(Descendant) })

type Work = (client: Client) => Promise<unknown>

/** What pages can be below, beside other pages. */
const READ: Readonly<Record<string, (client: Client, parameters: { readonly id: number }) => Promise<unknown>>> = {
  folder: getFolderById,
  whiteboard: getWhiteboardById,
  database: getDatabaseById,
  embed: getSmartLinkById,
}

/** What {@link CloudParents} needs. */
export interface CloudParentsDeps {
  /** Answers undefined for what is not there. */
  readonly call: (work: Work) => Promise<unknown>
  /** The pages at the top of their spaces, where all pages are known; else none. */
  readonly tops: readonly string[]
  /** How many pages are known. */
  readonly pages: number
}

/**
 * Looks up folders, whiteboards, databases and embeds, from the database. No route takes several ids. One lists the
 * whole tree below a page, pages included: it is used once, where that takes fewer requests.
 */
export class CloudParents {
  readonly #deps: CloudParentsDeps
  #listed = false

  constructor(deps: CloudParentsDeps) {
    this.#deps = deps
  }

  /** By id and type, and perhaps more than was asked for. What cannot be seen is left out, as are types that are not known here. */
  async of(wanted: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, TreeNode>> {
    const { tops, pages } = this.#deps
    const found = new Map<string, TreeNode>()
    if (!this.#listed && tops.length > 0 && wanted.size > tops.length + pages / PAGE_SIZE) {
      this.#listed = true
      for (const tree of await mapLimited(tops, AT_ONCE, (id) => this.#treeBelow(id))) for (const [id, node] of tree) found.set(id, node)
    }
    const rest = [...wanted].filter(([id]) => !found.has(id))
    await mapLimited(rest, AT_ONCE, async ([id, type]) => {
      const node = await this.#alone(id, type)
      if (node) found.set(id, node)
    })
    return found
  }

  async #alone(id: string, type: string): Promise<TreeNode | undefined> {
    const read = READ[type]
    if (!read) return undefined
    const work: Work = (client) => read(client, { id: Number(id) })
    // A token with scopes may lack those of the others, and read all the rest.
    const answer = type === 'folder' ? await this.#deps.call(work) : await this.#permitted(work)
    return answer === undefined ? undefined : nodeOf(readAnswer(Parent, answer, `${type} ${id}`))
  }

  /** What is no page in the tree below one: pages are known already. */
  async #treeBelow(id: string): Promise<ReadonlyMap<string, TreeNode>> {
    const what = `the tree below ${id}`
    const load = async (cursor: string | undefined): Promise<ListingPage<z.output<typeof Descendant>>> => {
      const parameters = { id: Number(id), depth: DEPTH, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) }
      const answer = await this.#permitted((client) => getPageDescendants(client, parameters))
      if (answer === undefined) return { items: [], next: undefined }
      const { results, _links } = readAnswer(Descendants, answer, what)
      return { items: results, next: nextIn(_links?.next, 'cursor', what) }
    }
    const below = await walk(load, { what })
    const types = new Map(below.map((one) => [one.id, one.type]))
    const others = below.filter(({ type }) => type !== 'page')
    return new Map(others.map(({ id: own, title, parentId }) => [own, nodeOf({ title, parentId, parentType: types.get(parentId ?? '') })]))
  }

  /** Undefined also where the account or its token may not ask. */
  async #permitted(work: Work): Promise<unknown> {
    try {
      return await this.#deps.call(work)
    } catch (error) {
      if (isLoaderError(error) && error.code === 'confluence_forbidden') return undefined
      throw error
    }
  }
}
