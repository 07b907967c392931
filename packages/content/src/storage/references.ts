/** A person as a page names them: by account id on Cloud, by user key (older pages: by name) on Data Center. */
export interface UserReference {
  readonly kind: 'account-id' | 'user-key' | 'user-name'
  readonly id: string
}

/**
 * A page or blog post as another page names it: by content id, or by title and space. Without `spaceKey` it is in
 * the space of the page that names it.
 */
export interface PageReference {
  readonly kind: 'page' | 'blog-post'
  readonly contentId?: string
  readonly spaceKey?: string
  readonly title?: string
  /** Day of a blog post, `YYYY/MM/DD`: titles of blog posts are unique on one day only. */
  readonly postingDay?: string
}

/** An attached file. Without `page` it is attached to the page that names it. */
export interface AttachmentReference {
  readonly fileName: string
  readonly page?: PageReference
}

/** A page, or an excerpt of one, that is shown inside of the page that names it. */
export interface IncludeReference {
  readonly kind: 'page' | 'excerpt'
  readonly page: PageReference
  /** Name of the excerpt. Without it, the first excerpt of the page is meant. */
  readonly excerpt?: string
}

/** What has to be looked up before a page can be converted: each thing once, in the order of the page. */
export interface StorageReferences {
  readonly users: readonly UserReference[]
  readonly pages: readonly PageReference[]
  readonly attachments: readonly AttachmentReference[]
  readonly includes: readonly IncludeReference[]
  /** Keys of spaces that are linked as such. */
  readonly spaces: readonly string[]
}
