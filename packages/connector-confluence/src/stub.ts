import { createHash } from 'node:crypto'
import type { DocumentStub, Json, JsonObject } from '@qdrant-loader/connector-sdk'
import type { Site } from './site/base-url.ts'
import { documentId, ownVersion, parentOf, scopeOf } from './site/head.ts'
import type { Head } from './site/head.ts'
import { attachmentUrl, commentUrl, pageUrl } from './site/location.ts'
import type { Uses } from './validators.ts'

/** What a document's payload needs beside its own head. */
export interface Surroundings {
  /** Ids of the selected pages right below it, in any order. */
  readonly children: readonly string[]
  /** How many there are. Default: those of `children`. */
  readonly childCount?: number | undefined
  /** Of a comment: the head of the page it stands on. */
  readonly page?: Head | undefined
}

/**
 * Makes the stub of a document. Equal heads and surroundings give equal stubs, whatever way led to them; only
 * `validators` and `contentVersion` also know what the text used beside its body.
 */
export function describe(head: Head, around: Surroundings, site: Site, uses: Uses | undefined): DocumentStub {
  const described = head.kind === 'comment' ? describeComment(head, around.page, site) : describePage(head, around, site)
  return {
    id: documentId(head),
    scope: scopeOf(head.space),
    contentVersion: contentVersion(head, uses),
    metadataVersion: digest(described),
    ...described,
    // Types with optional fields are JSON all the same; the schema of the validators has nothing else in it.
    validators: { head, ...(uses && { uses }) } as unknown as Json,
  }
}

/** The version of a text: that of the page, and everything else that the text used. */
export function contentVersion(head: Head, uses: Uses | undefined): string {
  const own = ownVersion(head)
  return uses === undefined ? own : `${own}-${digest(uses)}`
}

/** Children that are named. They are in the payload of each chunk of their parent; all of them have it as `parent_id`. */
const MAX_CHILDREN = 100

function describePage(head: Head, { children, childCount = children.length }: Surroundings, site: Site) {
  const parent = parentOf(head)
  const { attachments = [] } = head
  return {
    location: { url: pageUrl(site, head), title: head.title },
    metadata: {
      kind: head.kind,
      ...common(head),
      labels: head.labels,
      breadcrumbs: [head.spaceName, ...head.ancestors.map(([, title]) => title)],
      ...(parent !== undefined && { parent_id: parent }),
      child_ids: [...children].sort(byNumber).slice(0, MAX_CHILDREN),
      ...(childCount > MAX_CHILDREN && { child_count: childCount }),
      ...(attachments.length > 0 && { attachments: attachments.map((name) => ({ name, url: attachmentUrl(site, head.id, name) })) }),
    },
    ...times(head),
  }
}

function describeComment(head: Head, page: Head | undefined, site: Site) {
  const on = page ?? { id: head.container ?? '', kind: 'page' as const, space: head.space, title: '' }
  return {
    location: { url: commentUrl(site, on, head.id), title: `Comment on ${on.title}`.trim() },
    metadata: {
      kind: 'comment',
      ...common(head),
      page_id: on.id,
      ...(head.replyTo !== undefined && { parent_comment_id: head.replyTo }),
      ...(head.place !== undefined && { comment_type: head.place }),
    },
    ...times(head),
  }
}

function common(head: Head): JsonObject {
  return {
    space_key: head.space,
    space_name: head.spaceName,
    ...(head.author && { author: head.author.name ?? head.author.id }),
    ...(head.editor && { last_editor: head.editor.name ?? head.editor.id }),
  }
}

function times({ created, updated }: Head) {
  return { ...(created !== undefined && { createdAt: created }), ...(updated !== undefined && { updatedAt: updated }) }
}

function byNumber(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1)
}

/** Equal values give equal digests, in whatever order their fields were written. */
function digest(value: object): string {
  return createHash('sha256').update(JSON.stringify(value, inOrder)).digest('hex').slice(0, 24)
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
