import type { UnreadableScope } from '@qdrant-loader/connector-sdk'
import { SCOPE } from '../stub.ts'

/** Why a crawl that went to its end does not vouch for the site. */
export interface Doubts {
  /** The sitemap is gone, cut short, or did not answer. */
  readonly withoutSitemap: boolean
  /** Less than a tenth of what is held was found, for the first time. */
  readonly suspect: boolean
}

/** The doubts in words for the user; none when there is nothing to say. What is held stays in every case. */
export function unreadableScopes(host: string, { withoutSitemap, suspect }: Doubts): readonly UnreadableScope[] {
  if (suspect) return [shrunk(host)]
  if (withoutSitemap) return [sitemapLost(host)]
  return []
}

function shrunk(host: string): UnreadableScope {
  return {
    scope: SCOPE,
    code: 'public_docs_shrunk',
    kind: 'transient',
    message: `${host} shows less than a tenth of the pages that are held`,
    hint: 'Open the site in a browser. If it really shrank, the next sync believes it. Nothing was deleted.',
  }
}

function sitemapLost(host: string): UnreadableScope {
  return {
    scope: SCOPE,
    code: 'public_docs_sitemap_lost',
    kind: 'transient',
    message: `the sitemap of ${host} is gone, cut short or did not answer`,
    hint: 'If the site has none any more, the next sync does without it. Nothing was deleted.',
  }
}
