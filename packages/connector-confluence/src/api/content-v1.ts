import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { confluenceError } from '../codes.ts'
import type { ContentV1, Expanded, UserV1 } from '../schemas.ts'
import type { Head, Person } from '../site/head.ts'
import type { Body, Found, PageKind } from './confluence-api.ts'
import { mapLimited } from './in-batches.ts'

/** What a search or listing of version 1 is asked to include, bodies apart. */
export const EXPAND_PAGE = ['version', 'space', 'history', 'ancestors', 'metadata.labels', 'children.attachment'] as const
export const EXPAND_COMMENT = ['version', 'space', 'history', 'ancestors', 'container'] as const

/** What version 2 of Cloud's API does not list together with pages. */
export const EXPAND_DETAILS = ['metadata.labels', 'children.attachment'] as const

/** All of it, for searches that find both. */
export const EXPAND_ALL = [...new Set([...EXPAND_PAGE, ...EXPAND_COMMENT])]

/** Names that are kept of the files on one page. They are in the payload of each of its chunks. */
const MAX_ATTACHMENTS = 500
/** Pages whose labels are asked for at once. */
const AT_ONCE = 4

/** Reads content of version 1; undefined for what is no document (attachments, custom content) or has no place. */
function foundIn(content: ContentV1): Found | undefined {
  const { type, space, version, history } = content
  const kind = type === 'page' || type === 'blogpost' || type === 'comment' ? type : undefined
  if (kind === undefined) return undefined
  if (!space || !version || (kind === 'page' && !content.ancestors)) {
    // Taken as it is, changes would be missed or pages left out.
    throw confluenceError('confluence_bad_answer/details', { id: content.id })
  }
  // Whose comment it is decides whether it is read: one that does not tell is asked about alone, like one not listed.
  if (kind === 'comment' && !content.container) return undefined
  const author = personOf(history?.createdBy)
  const editor = personOf(version.by)
  return {
    status: content.status,
    head: {
      id: content.id,
      kind,
      title: content.title,
      space: space.key,
      spaceName: space.name ?? space.key,
      version: version.number,
      ...(history?.createdDate !== undefined && { created: history.createdDate }),
      ...(version.when !== undefined && { updated: version.when }),
      ...(author && { author }),
      ...(editor && { editor }),
      ...(kind === 'comment' ? commentParts(content) : pageParts(content)),
    },
  }
}

/** The documents among contents. Labels decide what is selected: `labelsOf` is asked where they were not shown whole. */
export async function documentsIn(
  contents: readonly ContentV1[],
  labelsOf: (kind: PageKind, id: string) => Promise<string[]>,
): Promise<readonly Found[]> {
  const found = await mapLimited(contents, AT_ONCE, async (content) => {
    const one = foundIn(content)
    if (!one || one.head.kind === 'comment' || labelsShown(content) !== undefined) return one
    return { ...one, head: { ...one.head, labels: await labelsOf(one.head.kind, content.id) } }
  })
  return found.filter((one) => one !== undefined)
}

function pageParts(content: ContentV1): Pick<Head, 'ancestors' | 'labels' | 'attachments'> {
  const attachments = attachmentsShown(content)
  return {
    ancestors: (content.ancestors ?? []).map(({ id, title }) => [id, title ?? '']),
    labels: labelsShown(content) ?? [],
    ...(attachments && { attachments }),
  }
}

function commentParts({ container, ancestors, extensions }: ContentV1): Pick<Head, 'ancestors' | 'labels' | 'container' | 'replyTo' | 'place'> {
  const replyTo = ancestors?.at(-1)?.id
  const place = extensions?.location
  return {
    ancestors: [],
    labels: [],
    ...(container && { container: container.id }),
    ...(replyTo !== undefined && { replyTo }),
    ...((place === 'footer' || place === 'inline') && { place }),
  }
}

/** Global labels, sorted. `my:` labels are one person's own and depend on who asks. */
export function globalLabels(labels: readonly { readonly name: string; readonly prefix?: string | undefined }[]): string[] {
  const names = labels.filter(({ prefix }) => (prefix ?? 'global') === 'global').map(({ name }) => name.toLowerCase())
  return [...new Set(names)].sort()
}

/** The global labels that came with a listing; undefined when it left them out or cut them off. */
export function labelsShown({ metadata }: ContentV1): string[] | undefined {
  const labels = metadata?.labels
  return labels && isWhole(labels) ? globalLabels(labels.results) : undefined
}

/** Names of attached files, sorted. */
export function attachmentNames(attachments: readonly { readonly title: string }[]): string[] {
  return [...new Set(attachments.map(({ title }) => title))].sort().slice(0, MAX_ATTACHMENTS)
}

/** Names of the attached files that came with a listing; undefined when it left them out or cut them off (at 25). */
export function attachmentsShown({ children }: ContentV1): string[] | undefined {
  const attachments = children?.attachment
  return attachments && isWhole(attachments) ? attachmentNames(attachments.results) : undefined
}

/** Expansions are cut at a size of their own, with a next link or without. */
function isWhole({ results, limit, size, _links }: Expanded): boolean {
  if (_links?.next !== undefined || (size !== undefined && size > results.length)) return false
  return limit === undefined || results.length < limit
}

/** A user of version 1: Cloud knows them by account id, Data Center by user key, older ones by name. */
export function personOf(user: UserV1 | undefined): Person | undefined {
  if (!user) return undefined
  const id = user.accountId ?? user.userKey ?? user.username
  if (id === undefined || id === '') return undefined
  const name = user.displayName ?? user.publicName
  return { id, ...(name !== undefined && name !== '' && { name }) }
}

/** The body in an answer that was asked for it. One without a body is not the same as one with an empty body. */
export function bodyOf(content: ContentV1): Body | LoaderError {
  const storage = content.body?.storage?.value
  if (storage === undefined || !content.version) return confluenceError('confluence_body_missing', { id: content.id })
  return {
    storage,
    title: content.title,
    version: content.version.number,
    updated: content.version.when ?? undefined,
    editor: personOf(content.version.by),
  }
}
