import type { PageReference } from '@qdrant-loader/content'
import type { Site } from './base-url.ts'
import type { Head } from './head.ts'

/**
 * Address of a page for people. It is made of the id alone (and on Cloud the space), so that a renamed page keeps it;
 * Confluence itself leads from there to the address with the title in it.
 */
export function pageUrl(site: Site, page: Pick<Head, 'id' | 'kind' | 'space'>): string {
  return site.deployment === 'cloud' && page.kind === 'page'
    ? `${site.webUrl}/spaces/${encodeURIComponent(page.space)}/pages/${page.id}`
    : `${site.webUrl}/pages/viewpage.action?pageId=${page.id}`
}

/** Address of a comment: its page, scrolled to it. */
export function commentUrl(site: Site, page: Pick<Head, 'id' | 'kind' | 'space'>, commentId: string): string {
  const url = pageUrl(site, page)
  return `${url}${url.includes('?') ? '&' : '?'}focusedCommentId=${commentId}`
}

/**
 * Address of a page that another one names by title and space: Confluence looks it up when it is opened, so it needs no
 * request.
 */
export function linkedPageUrl(site: Site, page: PageReference): string | undefined {
  if (page.contentId !== undefined) return `${site.webUrl}/pages/viewpage.action?pageId=${encodeURIComponent(page.contentId)}`
  if (page.title === undefined) return undefined
  const query = [
    `spaceKey=${encodeURIComponent(page.spaceKey ?? '')}`,
    `title=${encodeURIComponent(page.title)}`,
    ...(page.postingDay === undefined ? [] : [`postingDay=${encodeURIComponent(page.postingDay)}`]),
  ]
  return `${site.webUrl}/pages/viewpage.action?${query.join('&')}`
}

/** Address of a file that is attached to a page. */
export function attachmentUrl(site: Site, pageId: string, fileName: string): string {
  return `${site.webUrl}/download/attachments/${pageId}/${encodeURIComponent(fileName)}`
}
