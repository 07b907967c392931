import { spaceType, type SimulatedContent, type SimulatedSpace, type SimulatedUser, type SimulatedVersion } from './entities.ts'
import { downloadPath, tinyPath, webPath } from './links.ts'
import type { Site } from './site.ts'

type Payload = Record<string, unknown>

/** A page, blog post, comment or attachment as the v2 interface shows it. `body`: its text in storage format is asked for. */
export function contentV2(site: Site, content: SimulatedContent, body: boolean): Payload {
  const { id, status, title } = content
  const shared = { id, status, title, version: versionV2(content.version), ...(content.type === 'attachment' ? {} : bodyV2(site, content, body)) }
  switch (content.type) {
    case 'page':
    case 'folder':
    case 'whiteboard':
    case 'database':
    case 'embed':
      return { ...shared, ...ofSpace(content), ...ofNode(site, content), _links: pageLinks(site, content) }
    case 'blogpost':
      return { ...shared, ...ofSpace(content), _links: pageLinks(site, content) }
    case 'comment':
      return { ...shared, ...ofComment(site, content), _links: { webui: webPath(site, content) } }
    case 'attachment':
      return { ...shared, ...ofAttachment(site, content) }
  }
}

function ofSpace(content: SimulatedContent): Payload {
  return { spaceId: String(content.spaceId), authorId: content.authorId, createdAt: iso(content.createdAt) }
}

function ofNode({ world }: Site, content: SimulatedContent): Payload {
  const parent = content.parentId === undefined ? undefined : world.contents.get(content.parentId)
  return {
    parentId: content.parentId ?? null,
    parentType: parent?.type ?? null,
    position: content.position,
    ownerId: content.authorId,
    lastOwnerId: null,
  }
}

function ofComment({ world }: Site, content: SimulatedContent): Payload {
  const container = world.content(content.containerId ?? '')
  const inline = content.inline === undefined ? {} : {
    resolutionStatus: content.inline.resolution,
    properties: { inlineMarkerRef: `marker-${content.id}`, inlineOriginalSelection: content.inline.selection },
  }
  return {
    [container.type === 'page' ? 'pageId' : 'blogPostId']: container.id,
    ...(content.parentId === undefined ? {} : { parentCommentId: content.parentId }),
    ...inline,
  }
}

function ofAttachment(site: Site, content: SimulatedContent): Payload {
  const container = site.world.content(content.containerId ?? '')
  return {
    createdAt: iso(content.createdAt),
    [container.type === 'page' ? 'pageId' : 'blogPostId']: container.id,
    mediaType: content.file?.mediaType,
    mediaTypeDescription: 'File',
    comment: '',
    fileId: `file-${content.id}`,
    fileSize: content.file?.bytes,
    webuiLink: webPath(site, content),
    downloadLink: downloadPath(content),
    _links: { webui: webPath(site, content), download: downloadPath(content) },
  }
}

function bodyV2(site: Site, content: SimulatedContent, wanted: boolean): Payload {
  if (!wanted) return { body: {} }
  site.bodyServed(content.id)
  return { body: { storage: { representation: 'storage', value: content.body } } }
}

function pageLinks(site: Site, content: SimulatedContent): Payload {
  return { webui: webPath(site, content), editui: `/pages/resumedraft.action?draftId=${content.id}`, tinyui: tinyPath(content) }
}

export function versionV2(version: SimulatedVersion): Payload {
  return { number: version.number, createdAt: iso(version.createdAt), message: '', minorEdit: false, authorId: version.authorId, ncsStepVersion: null }
}

export function spaceV2(space: SimulatedSpace): Payload {
  return {
    id: String(space.id),
    key: space.key,
    name: space.name,
    type: spaceType(space),
    status: space.status,
    authorId: 'user-1',
    createdAt: iso(space.createdAt),
    homepageId: space.homepageId,
    description: null,
    icon: null,
    currentActiveAlias: space.key,
    _links: { webui: `/spaces/${space.key}` },
  }
}

export function userV2(user: SimulatedUser): Payload {
  return {
    accountId: user.id,
    displayName: user.displayName,
    publicName: user.displayName,
    email: '',
    accountStatus: 'active',
    accountType: 'atlassian',
    timeZone: null,
    personalSpaceId: null,
    isExternalCollaborator: false,
    profilePicture: { path: '/wiki/aa-avatar/x', width: 48, height: 48, isDefault: false },
  }
}

export function labelV2(name: string): Payload {
  return { id: labelId(name), name, prefix: 'global' }
}

/** The same label has the same id everywhere. */
export function labelId(name: string): string {
  let hash = 7
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_000_007
  return String(hash)
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
