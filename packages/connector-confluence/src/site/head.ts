import type { Json } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

const Person = z.strictObject({ id: z.string(), name: z.string().exactOptional() })
const Ancestor = z.tuple([z.string(), z.string()])

/**
 * Everything that a listing says of a page, blog post or comment, and nothing that only its content tells. All of a
 * document's payload is made of heads, so what no listing shows is in no payload.
 */
export const Head = z.strictObject({
  id: z.string(),
  kind: z.enum(['page', 'blogpost', 'comment']),
  title: z.string(),
  /** Key of the space as the server writes it. */
  space: z.string(),
  spaceName: z.string(),
  version: z.number(),
  /** ISO 8601 in UTC. */
  created: z.string().exactOptional(),
  updated: z.string().exactOptional(),
  author: Person.exactOptional(),
  editor: Person.exactOptional(),
  /** Id and title, from the top of the space down to the parent. */
  ancestors: z.array(Ancestor),
  /** Global labels, sorted. */
  labels: z.array(z.string()),
  /** Names of the files on a page or blog post, sorted; absent where an answer did not show all of them. */
  attachments: z.array(z.string()).exactOptional(),
  /** Of a comment: the page or blog post it stands on. */
  container: z.string().exactOptional(),
  /** Of a reply: the comment it answers. */
  replyTo: z.string().exactOptional(),
  place: z.enum(['footer', 'inline']).exactOptional(),
})

export type Head = z.output<typeof Head>

/** A person as heads name them. On Cloud the id is the account id, on Data Center the user key. */
export type Person = z.output<typeof Person>

const PageName = z.strictObject({
  kind: z.enum(['page', 'blog-post']),
  contentId: z.string().exactOptional(),
  spaceKey: z.string().exactOptional(),
  title: z.string().exactOptional(),
  postingDay: z.string().exactOptional(),
})

/**
 * An included page at the version that was shown; without `id` when nothing was found under that name. `space`: where a
 * page is that was included by its id, since what it names itself is meant there.
 */
const Included = z.strictObject({ page: PageName, id: z.string().exactOptional(), version: z.number().exactOptional(), space: z.string().exactOptional() })

export type Included = z.output<typeof Included>

/**
 * A page that is named by title, and which one of the pages that are read that is: its id, if it is one. `open`: not all of
 * its space was known when the text was read, so the next complete listing has to tell.
 */
const Linked = z.strictObject({ page: PageName, id: z.string().exactOptional(), open: z.literal(true).exactOptional() })

export type Linked = z.output<typeof Linked>

/**
 * Everything that a text used beside its own body, recorded when it was read. Where any of it is different now, the text
 * is read again.
 */
export const Uses = z.strictObject({
  /** Address of the site, where the text has addresses of it. */
  site: z.string().exactOptional(),
  /** Key of the document's own space, where the text shows it or what it names is meant there. */
  space: z.string().exactOptional(),
  includes: z.array(Included),
  people: z.array(Person),
  links: z.array(Linked),
})

export type Uses = z.output<typeof Uses>

/** What is kept with a document between runs. */
const Validators = z.strictObject({ head: Head, uses: Uses.exactOptional() })

export type Validators = z.output<typeof Validators>

/** What an earlier stub carried; undefined when there is nothing or it cannot be read. */
export function validatorsFrom(validators: Json | undefined): Validators | undefined {
  return Validators.safeParse(validators).data
}

/** The parent's id: the last of the ancestors. */
export function parentOf(head: Head): string | undefined {
  return head.ancestors.at(-1)?.[0]
}

/**
 * The version of a text, with the second in which it was made: a site that was restored from a backup counts on from
 * an earlier number.
 */
export function ownVersion({ version, updated }: Pick<Head, 'version' | 'updated'>): string {
  return updated === undefined ? String(version) : `${version}-${Math.floor(Date.parse(updated) / 1_000)}`
}

/** Whether a head that was seen later is of another text. A lower number comes from an index that lags. */
export function isNewer(head: Head, before: Head): boolean {
  return head.version > before.version || (head.version === before.version && ownVersion(head) !== ownVersion(before))
}

/** The host's id of a document. Comments are set apart, so that what kind a document is can be told from its id. */
export function documentId({ kind, id }: Pick<Head, 'kind' | 'id'>): string {
  return kind === 'comment' ? `comment/${id}` : id
}

/** The id that Confluence knows, and whether it is a comment's. */
export function contentId(documentId: string): { readonly id: string; readonly comment: boolean } {
  return documentId.startsWith('comment/')
    ? { id: documentId.slice('comment/'.length), comment: true }
    : { id: documentId, comment: false }
}

/** The scope of a space. Keys are compared without regard to case, as Confluence does. */
export function scopeOf(spaceKey: string): string {
  return spaceKey.toUpperCase()
}
