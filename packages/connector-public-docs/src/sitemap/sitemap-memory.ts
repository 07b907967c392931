import type { PublicDocsCursor } from '../cursor.ts'
import type { SitemapResult } from './sitemap.ts'

/**
 * Whether the sitemaps of this run can be believed, and what to remember of them. One that is suddenly gone would make
 * every page that only it names look absent: it is believed when the next run finds the same. One that was not
 * shown, or not to its end, is never believed, however often (I3); a site that never had one may refuse what it has not.
 */
export function sawSitemaps(
  before: PublicDocsCursor['sitemap'],
  now: SitemapResult,
): { readonly complete: boolean; readonly next: PublicDocsCursor['sitemap'] } {
  if (now.unreachable) return { complete: false, next: before }
  if (now.cut) return { complete: false, next: 'some' }
  if (now.refused) return { complete: before === 'none', next: before }
  if (now.found && !now.damaged) return { complete: true, next: 'some' }
  return before === 'some' ? { complete: false, next: 'lost' } : { complete: true, next: 'none' }
}
