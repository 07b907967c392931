/** A file or image of a document. */
export interface AdfMedia {
  /** Id of the media service. It is not the id of the attachment. */
  readonly id: string
  readonly collection: string
  /** Alternative text; in Jira mostly the name of the file. */
  readonly alt: string
}

/** Where a file is, as far as the connector knows. */
export interface ResolvedMedia {
  readonly url: string
  readonly name?: string
  /** Without it, media outside of groups are taken for images. */
  readonly mimeType?: string
}

/** What a document cannot say by itself. Without an answer (`undefined`), what it does say is shown. */
export interface AdfOptions {
  /** Address that relative links are relative to. Without it, they are plain text. */
  readonly baseUrl?: string
  /**
   * Display name of a person, without `@`. Asked for each mention, so it also tells whom a text names. `written` is the
   * name that the document was saved with, empty when it was saved without one. Default, and for `undefined`: that name.
   */
  readonly userName?: (accountId: string, written: string) => string | undefined
  readonly resolveMedia?: (media: AdfMedia) => ResolvedMedia | undefined
}
