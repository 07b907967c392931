import type { AttachmentReference, IncludeReference, PageReference, UserReference } from './references.ts'
import type { StorageSource } from './storage-body.ts'

/** What an `include` or `excerpt-include` macro shows. */
export type Included =
  | { readonly markdown: string }
  | {
    /** Storage format of the page, or of the excerpt (see `excerptOf`). */
    readonly storage: StorageSource
    /** Identifies the page, so that pages that include each other come to an end. */
    readonly id: string
    /** Where the included page stands: its own links and attachments are relative to it. */
    readonly page: PageReference
    readonly pageUrl?: string
  }

/**
 * What a page cannot say by itself. The look-ups are asked while converting, so they answer from tables that were
 * filled for `storageReferences(storage)`; what they don't know (`undefined`) stays readable text.
 */
export interface StorageOptions {
  /** Address of the site with its context path, such as `https://example.atlassian.net/wiki`. */
  readonly baseUrl: string
  /** Address of this page: for anchors and relative links. Without it, anchors are plain text. */
  readonly pageUrl?: string
  /** Id of this page, for the guard against pages that include themselves. */
  readonly pageId?: string
  /** Display name of a person, without `@`. */
  readonly userName?: (user: UserReference) => string | undefined
  /** Address and current title of a page. */
  readonly linkedPage?: (page: PageReference) => { readonly url: string, readonly title?: string } | undefined
  /** Address of a file. */
  readonly attachmentUrl?: (attachment: AttachmentReference) => string | undefined
  /** Address of a space. Default: `<baseUrl>/display/<key>`, which Cloud redirects. */
  readonly spaceUrl?: (key: string) => string | undefined
  readonly included?: (include: IncludeReference) => Included | undefined
}
