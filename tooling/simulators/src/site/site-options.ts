/** How a site behaves on HTTP. All of it may be changed while the site is up. */
export interface SiteBehaviour {
  siteTitle: string
  /** `random`: another tag at each request, as behind servers that don't agree. */
  etag: 'strong' | 'weak' | 'random' | 'off'
  /** `now`: the time of the request. `zone`: the right time, written with an offset. */
  lastModified: 'on' | 'off' | 'now' | 'zone'
  /** What changes around the content: nothing, something with each build, something with each request. */
  churn: 'none' | 'build' | 'request'
  /** `index`: `/sitemap.xml` is an index of two files. `gzip`: an index of one compressed file. */
  sitemap: 'off' | 'plain' | 'index' | 'gzip'
  /**
   * `honest`: the time of the last edit. `zone`: the same with an offset. `day`: its day. `rebuilt`: moves with each
   * build. `stale`: never moves.
   */
  lastmod: 'off' | 'honest' | 'zone' | 'day' | 'rebuilt' | 'stale'
  /** `off`: 404. */
  robots: 'off' | { readonly disallow?: readonly string[]; readonly crawlDelay?: number; readonly sitemap?: boolean; readonly text?: string }
  /** A missing path answers 200 with the page that says so. */
  softNotFound: boolean
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
  compress: true,
  latencyMs: 0,
}
