/** Why something of a site is not among the documents. */
export type ShortReason =
  /** 401, 403, or a status that says nothing of the page. */
  | 'refused'
  | 'login_form'
  /** An answer that cannot be decoded: in a coding that was not asked for, or damaged. */
  | 'bad_encoding'
  /** In a circle, or more than 10 hops, each permanent or not. */
  | 'redirect_loop'
  /** For the time being, to where this source does not read. */
  | 'redirected_elsewhere'
  /** No answer, 429 or 5xx. */
  | 'unanswered'
  | 'dead_link'
  | 'too_large'
  | 'empty'
  | 'scripts_only'
  /** The page is a document in another form: its source, a copy for printing. */
  | 'alternative'
  | 'robots'
  | 'max_pages'
  | 'max_depth'
  | 'too_many_queries'
  | 'sitemap_cut'
  | 'sitemap_unread'
