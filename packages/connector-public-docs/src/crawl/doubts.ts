import type { UnreadableScope } from '@qdrant-loader/connector-sdk'
import { publicDocsError } from '../codes.ts'
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
  if (suspect) return [{ scope: SCOPE, ...publicDocsError.describe('public_docs_shrunk', { host }) }]
  if (withoutSitemap) return [{ scope: SCOPE, ...publicDocsError.describe('public_docs_sitemap_lost', { host }) }]
  return []
}
