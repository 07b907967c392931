import { z } from 'zod'

/** A person as heads name them. On Cloud the id is the account id, on Data Center the user key. */
export const Person = z.strictObject({ id: z.string(), name: z.string().exactOptional() })
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

export type Person = z.output<typeof Person>

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
