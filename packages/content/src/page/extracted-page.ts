/** What a page says, apart from everything around it. Equal content gives an equal result, whatever surrounds it. */
export interface ExtractedPage {
  /** Main content. Empty for a page without text. */
  readonly markdown: string
  /** The `h1` of the content, where it is one without a number; otherwise `og:title` or the title of the document, without the name of the site. Without numbers of sections. */
  readonly title?: string
  readonly description?: string
  /** Language tag as the page gives it, such as `en` or `pt-BR`. */
  readonly language?: string
  /** Names of the pages above this one, outermost first, without the page itself. */
  readonly breadcrumbs: readonly string[]
  /** Absolute URL of `<link rel="canonical">`, `http` and `https` only, without fragment. Not checked against any host. */
  readonly canonical?: string
  /** Absolute URL that `<meta http-equiv="refresh">` leads to, when that is another page. */
  readonly refresh?: string
  /** The page's own robots meta element says `noindex` or `none`. */
  readonly noindex: boolean
  /** The page's own robots meta element says `nofollow` or `none`. `links` are given all the same. */
  readonly nofollow: boolean
  /**
   * Links of the whole page, navigation included: absolute `http` and `https` URLs without fragments, each once, in
   * order, without those marked `rel=nofollow`. At most 20,000.
   */
  readonly links: readonly string[]
  /** ISO time in UTC, from the page's own metadata. */
  readonly published?: string
  /** ISO time in UTC, from the page's own metadata. */
  readonly modified?: string
  /** A password field and little text: what is shown instead of a page to who is not signed in. */
  readonly loginForm: boolean
  /** Scripts make the page, and without them it shows nothing, or only that it is loading. */
  readonly scriptsOnly: boolean
}
