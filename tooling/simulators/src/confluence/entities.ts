/** Cloud only: has a title and a place in the tree, and no text that could be read. */
export type NodeType = 'folder' | 'whiteboard' | 'database' | 'embed'

/** What can carry text, hang on it, or stand above it. */
export type ContentType = 'page' | 'blogpost' | 'comment' | 'attachment' | NodeType

const NODES: readonly string[] = ['folder', 'whiteboard', 'database', 'embed'] satisfies NodeType[]

/** Whether a content has a place in the tree of pages, and no text. */
export function isTextless({ type }: { readonly type: string }): boolean {
  return NODES.includes(type)
}

/** A purged content is not there at all. `archived`: pages of Cloud only. */
export type ContentStatus = 'current' | 'archived' | 'trashed'

/**
 * What the client's account sees of a space. `hidden`: as if it were not there (404). `forbidden`: 403. `empty`: the
 * space is listed, and none of its contents is.
 */
export type SpaceAccess = 'readable' | 'hidden' | 'forbidden' | 'empty'

/** A space. */
export interface SimulatedSpace {
  readonly id: number
  key: string
  name: string
  status: 'current' | 'archived'
  homepageId: string | undefined
  access: SpaceAccess
  readonly createdAt: number
}

/** Keys of personal spaces start with a tilde. */
export function spaceType({ key }: SimulatedSpace): 'global' | 'personal' {
  return key.startsWith('~') ? 'personal' : 'global'
}

/** One version of a content. */
export interface SimulatedVersion {
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly authorId: string
}

/** A page, a blog post, a comment, an attachment or a folder. */
export interface SimulatedContent {
  readonly id: string
  readonly type: ContentType
  spaceId: number
  title: string
  /** Storage format; empty for attachments. */
  body: string
  status: ContentStatus
  version: SimulatedVersion
  readonly createdAt: number
  readonly authorId: string
  labels: string[]
  /** Of pages and folders: the page or folder above. Of comments: the comment that is replied to. */
  parentId: string | undefined
  /** Of comments and attachments: the page or blog post they belong to. */
  readonly containerId: string | undefined
  /** Restricted to others; what is below it is hidden too. */
  hidden: boolean
  /** Order among its siblings. */
  position: number
  /** Of comments. */
  readonly inline: { readonly selection: string; resolution: 'open' | 'resolved' | 'reopened' | 'dangling' } | undefined
  /** Of attachments. */
  readonly file: { readonly mediaType: string; readonly bytes: number } | undefined
}

/** A person. */
export interface SimulatedUser {
  /** The account id on Cloud, the user key on Data Center. */
  readonly id: string
  readonly username: string
  displayName: string
}
