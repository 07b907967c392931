/** How a site behaves on HTTP. All of it may be changed while the site is up. */
export interface SiteBehaviour {
  siteTitle: string
  /** `random`: another tag at each request, as behind servers that don't agree. */
  etag: 'strong' | 'weak' | 'random' | 'off'
  /** `now`: the time of the request. `zone`: the right time, written with an offset. */
  lastModified: 'on' | 'off' | 'now' | 'zone'
  /** What changes around the content: nothing, something with each build, something with each request. */
  churn: 'none' | 'build' | 'request'
  /**
   * `index`: `/sitemap.xml` is an index of two files. `gzip`: an index of one compressed file. `huge`: with 50,000
   * addresses more. `elsewhere`: a plain one that robots.txt names on another host (another name of this one).
   */
  sitemap: 'off' | 'plain' | 'index' | 'gzip' | 'huge' | 'elsewhere'
  /**
   * `honest`: the time of the last edit. `zone`: the same with an offset. `day`: its day. `rebuilt`: moves with each
   * build. `stale`: never moves.
   */
  lastmod: 'off' | 'honest' | 'zone' | 'day' | 'rebuilt' | 'stale'
  /** `off`: 404. */
  robots: 'off' | { readonly disallow?: readonly string[]; readonly crawlDelay?: number; readonly sitemap?: boolean; readonly text?: string }
  /** A missing path answers 200 with the page that says so. */
  softNotFound: boolean
  /** How pages are refused: a status, a redirect to itself, to set a cookie, to another host, or an encoding that nobody asked for. */
  refuse: 'off' | '401' | '403' | 'loop' | 'cookie' | 'elsewhere' | 'encoding'
  /** Of the pages but the start page, the share that is refused: 0 to 1. */
  refuseShare: number
  /** The start page links to a permanent redirect that never ends, or to a circle of three. */
  redirects: 'off' | 'endless' | 'circle'
  /**
   * Other forms that pages link to: Markdown beside them, `_sources/`, the same without `.html`, a copy for printing; or
   * `/llms.txt`.
   */
  twins: 'none' | 'markdown' | 'sources' | 'bare' | 'print' | 'llms'
  /** Links of the start page that lead to nothing. */
  deadLinks: number
  /** All pages but the start page are made by scripts. */
  scripts: boolean
  /**
   * `furniture`: sections have ids that are words for page furniture, headings are buttons, tabs have labels.
   * `numbered`: headings and titles have the numbers of sections.
   */
  markup: 'plain' | 'furniture' | 'numbered'
  /** Bodies are compressed where the client takes it. */
  compress: boolean
  /** How long an answer takes, in milliseconds of the real clock. */
  latencyMs: number
}

export const PLAIN_SITE: SiteBehaviour = {
  siteTitle: 'The Manual',
  etag: 'strong',
  lastModified: 'on',
  churn: 'none',
  sitemap: 'off',
  lastmod: 'off',
  robots: 'off',
  softNotFound: false,
  refuse: 'off',
  refuseShare: 1,
  redirects: 'off',
  twins: 'none',
  deadLinks: 0,
  scripts: false,
  markup: 'plain',
  compress: true,
  latencyMs: 0,
}
