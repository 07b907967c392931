import type { Body, Found } from './api.ts'
import { withoutBody, withoutDetails } from './confluence-errors.ts'
import type { Head, Person } from './head.ts'
import type { ContentV1, UserV1 } from './wire.ts'

/** What a search or listing of version 1 is asked to include, bodies apart. */
export const EXPAND_PAGE = ['version', 'space', 'history', 'ancestors', 'metadata.labels'] as const
export const EXPAND_COMMENT = ['version', 'space', 'history', 'ancestors', 'container'] as const

/** All of it, for searches that find both. */
export const EXPAND_ALL = [...new Set([...EXPAND_PAGE, ...EXPAND_COMMENT])]

/** Reads content of version 1; undefined for kinds that are no documents (attachments, custom content). */
export function foundIn(content: ContentV1): Found | undefined {
  const { type, space, version, history } = content
  const kind = type === 'page' || type === 'blogpost' || type === 'comment' ? type : undefined
  if (kind === undefined) return undefined
  if (!space || !version) throw withoutDetails(content.id)
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
      ...(kind === 'comment' ? commentParts(content) : { ancestors: ancestorsOf(content), labels: labelsOf(content) }),
    },
  }
}

/** The documents among contents. */
export function documentsIn(contents: readonly ContentV1[]): readonly Found[] {
  return contents.map(foundIn).filter((found) => found !== undefined)
}

function ancestorsOf({ ancestors }: ContentV1): Head['ancestors'] {
  return (ancestors ?? []).map(({ id, title }) => [id, title ?? ''])
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

function labelsOf({ metadata }: ContentV1): string[] {
  return globalLabels(metadata?.labels?.results ?? [])
}

/** True when the labels that came with a listing were cut off. */
export function labelsCutOff({ metadata }: ContentV1): boolean {
  const labels = metadata?.labels
  if (!labels) return false
  return labels._links?.next !== undefined || (labels.limit !== undefined && labels.results.length >= labels.limit)
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
export function bodyOf(content: ContentV1): Body {
  const storage = content.body?.storage?.value
  if (storage === undefined || !content.version) throw withoutBody(content.id)
  return {
    storage,
    title: content.title,
    version: content.version.number,
    updated: content.version.when ?? undefined,
    editor: personOf(content.version.by),
  }
}
