import { isTextless, type SimulatedContent } from './entities.ts'
import type { Site } from './site.ts'

/** The path of a content for a person, without the context path. */
export function webPath(site: Site, content: SimulatedContent): string {
  const { world } = site
  const { key } = world.spaceOf(content)
  if (content.type === 'comment') {
    const container = world.content(content.containerId ?? '')
    return `${webPath(site, container)}${world.deployment === 'cloud' ? '?' : '&'}focusedCommentId=${content.id}`
  }
  if (content.type === 'attachment') return `/pages/viewpageattachments.action?pageId=${content.containerId}&preview=${content.id}`
  if (world.deployment === 'datacenter') return `/pages/viewpage.action?pageId=${content.id}`
  if (isTextless(content)) return `/spaces/${key}/${content.type}/${content.id}`
  const title = encodeURIComponent(content.title).replaceAll('%20', '+')
  if (content.type === 'page') return `/spaces/${key}/pages/${content.id}/${title}`
  const day = new Date(content.createdAt).toISOString().slice(0, 10).replaceAll('-', '/')
  return `/spaces/${key}/blog/${day}/${content.id}/${title}`
}

/** A short path of a content. */
export function tinyPath({ id }: SimulatedContent): string {
  return `/x/${Buffer.from(id).toString('base64url')}`
}

/** The path of an attachment's bytes. */
export function downloadPath(content: SimulatedContent): string {
  return `/download/attachments/${content.containerId}/${encodeURIComponent(content.title)}?version=${content.version.number}&modificationDate=${content.version.createdAt}&api=v2`
}
