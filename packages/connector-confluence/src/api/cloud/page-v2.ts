import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { confluenceError } from '../../codes.ts'
import type { PageV2 } from '../../schemas.ts'
import type { Head } from '../../site/head.ts'
import type { Body, PageKind, Space } from '../confluence-api.ts'
import type { Details } from './cloud-details.ts'
import type { TreeNode } from './page-chains.ts'

/** Half a day around noon, and the zone that is farthest away. */
const POSTED_WITHIN_MS = 26 * 3_600_000

/** A page's place in the tree, as version 2 of the API tells it. */
export function nodeOf({ title, parentId, parentType }: Pick<PageV2, 'title' | 'parentId' | 'parentType'>): TreeNode {
  return { title, ...(parentId !== undefined && { parent: { id: parentId, type: parentType ?? 'page' } }) }
}

/** The body in an answer of version 2, or that it is missing. One without a body is not the same as one with an empty body. */
export function bodyV2({ id, title, version, body }: Pick<PageV2, 'id' | 'title' | 'version' | 'body'>): Body | LoaderError {
  if (!body?.storage) return confluenceError('confluence_body_missing', { id })
  const editor = version.authorId === undefined || version.authorId === '' ? undefined : { id: version.authorId }
  return { storage: body.storage.value, title, version: version.number, updated: version.createdAt ?? undefined, editor }
}

/** A head made of a page or blog post of version 2, and what that does not list. */
export function headV2(
  kind: PageKind,
  page: PageV2,
  space: Space,
  ancestors: [string, string][],
  { labels = [], attachments = [] }: Partial<Details> = {},
  names: ReadonlyMap<string, string>,
): Head {
  const person = (id: string | undefined) => {
    if (id === undefined || id === '') return undefined
    const name = names.get(id)
    return { id, ...(name !== undefined && { name }) }
  }
  const author = person(page.authorId)
  const editor = person(page.version.authorId)
  return {
    id: page.id,
    kind,
    title: page.title,
    space: space.key,
    spaceName: space.name,
    version: page.version.number,
    ...(page.createdAt !== undefined && { created: page.createdAt }),
    ...(page.version.createdAt !== undefined && { updated: page.version.createdAt }),
    ...(author && { author }),
    ...(editor && { editor }),
    ancestors,
    labels: [...labels],
    attachments: [...attachments],
  }
}

/**
 * Of posts with one title, those of a day. Days are counted in a zone that is not told (-12 to +14 hours): the post that
 * is nearest to the noon of the day is meant.
 */
export function postedOn(day: string, posts: readonly PageV2[]): readonly PageV2[] {
  const noon = Date.parse(`${day.replaceAll('/', '-')}T12:00:00Z`)
  const distance = ({ createdAt }: PageV2) => Math.abs(Date.parse(createdAt ?? '') - noon)
  const [nearest] = posts.filter((post) => distance(post) <= POSTED_WITHIN_MS).toSorted((one, other) => distance(one) - distance(other))
  return nearest ? [nearest] : []
}
