import { isTextless, spaceType, type SimulatedContent, type SimulatedSpace, type SimulatedUser, type SimulatedVersion } from './entities.ts'
import { Violation } from '../base/answer.ts'
import { downloadPath, tinyPath, webPath } from './links.ts'
import type { Exchange, Site } from './site.ts'
import { labelId } from './v2-payload.ts'

type Payload = Record<string, unknown>

/** Labels that an expansion carries at most; the rest is behind a link. */
const INLINE_LABELS = 200
/** Children of a kind that an expansion carries at most. */
const INLINE_CHILDREN = 25

const EXPANSIONS = new Set([
  'space', 'version', 'history', 'history.lastUpdated', 'history.createdBy', 'ancestors', 'container', 'container.space', 'body.storage',
  'metadata', 'metadata.labels', 'children.attachment', 'children.comment', 'children.page', 'extensions', 'extensions.inlineProperties',
  'extensions.resolution', 'extensions.location', 'version.by', 'body', 'children', 'operations', 'space.homepage', 'ancestors.version',
])

/** Refuses what is not simulated, so that nothing is missing silently. Hits of the general search expand `content.…`. */
export function expansionsOf(given: readonly string[], prefix = ''): ReadonlySet<string> {
  const unknown = given.find((name) => `${name}.` !== prefix && !(name.startsWith(prefix) && EXPANSIONS.has(name.slice(prefix.length))))
  if (unknown !== undefined) throw new Violation(`expand=${unknown} is not simulated`)
  return new Set(given.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)))
}

/** A row of an answer, which a broken page has none of. */
export function rowV1({ site }: Pick<Exchange, 'site'>, content: SimulatedContent, expand: ReadonlySet<string>, where: 'listing' | 'search' | 'bare'): Payload {
  site.broken.check(content, expand.has('body.storage') ? 'text' : expand.size === 0 ? 'bare' : where)
  return contentV1(site, content, expand)
}

/** A content as the v1 interface and Data Center show it. */
function contentV1(site: Site, content: SimulatedContent, expand: ReadonlySet<string>): Payload {
  const has = (name: string): boolean => [...expand].some((given) => given === name || given.startsWith(`${name}.`))
  const { id, type, status, title } = content
  const self = `${site.origin}${site.context}/rest/api/content/${id}`
  return {
    id,
    type,
    status,
    title,
    ...(has('space') ? { space: spaceV1(site, site.world.spaceOf(content)) } : {}),
    ...(has('history') ? { history: historyV1(site, content, expand) } : {}),
    ...(has('version') ? { version: versionV1(site, content.version) } : {}),
    ...(has('ancestors') ? { ancestors: ancestorsOf(site, content).map((above) => contentV1(site, above, new Set())) } : {}),
    ...(has('container') ? { container: containerV1(site, content) } : {}),
    ...(expand.has('body.storage') ? { body: bodyV1(site, content) } : {}),
    ...(has('metadata') ? { metadata: metadataV1(content, expand) } : {}),
    ...(has('children') ? { children: childrenV1(site, content, expand) } : {}),
    macroRenderedOutput: {},
    extensions: extensionsV1(content, expand),
    _expandable: { operations: '', restrictions: `/rest/api/content/${id}/restriction/byOperation`, descendants: '' },
    _links: {
      webui: webPath(site, content),
      tinyui: tinyPath(content),
      self,
      ...(type === 'attachment' ? { download: downloadPath(content) } : {}),
    },
  }
}

/** Of comments: the comments that are replied to. */
function ancestorsOf({ world }: Site, content: SimulatedContent): SimulatedContent[] {
  if (content.type === 'page' || isTextless(content)) return world.ancestors(content)
  const above: SimulatedContent[] = []
  for (let id = content.type === 'comment' ? content.parentId : undefined; id !== undefined; id = above[0]?.parentId) above.unshift(world.content(id))
  return above
}

function historyV1(site: Site, content: SimulatedContent, expand: ReadonlySet<string>): Payload {
  return {
    latest: true,
    createdBy: userV1(site, site.world.user(content.authorId)),
    createdDate: date(site, content.createdAt),
    ...(expand.has('history.lastUpdated') ? { lastUpdated: versionV1(site, content.version) } : {}),
    _expandable: { previousVersion: '', contributors: '', nextVersion: '' },
    _links: { self: `${site.origin}${site.context}/rest/api/content/${content.id}/history` },
  }
}

function versionV1(site: Site, version: SimulatedVersion): Payload {
  return {
    by: userV1(site, site.world.user(version.authorId)),
    when: date(site, version.createdAt),
    friendlyWhen: 'some time ago',
    message: '',
    number: version.number,
    minorEdit: false,
    _expandable: {},
    _links: {},
  }
}

function containerV1(site: Site, content: SimulatedContent): Payload {
  if (content.containerId === undefined) return { ...spaceV1(site, site.world.spaceOf(content)), id: String(content.spaceId) }
  return contentV1(site, site.world.content(content.containerId), new Set(['space']))
}

function bodyV1(site: Site, content: SimulatedContent): Payload {
  site.bodyServed(content.id)
  return { storage: { value: content.body, representation: 'storage', _expandable: { content: `/rest/api/content/${content.id}` } } }
}

function metadataV1(content: SimulatedContent, expand: ReadonlySet<string>): Payload {
  if (!expand.has('metadata.labels')) return { _expandable: { labels: '', properties: '' } }
  const shown = content.labels.slice(0, INLINE_LABELS)
  const more = content.labels.length > shown.length ? { next: `/rest/api/content/${content.id}/label?limit=${INLINE_LABELS}&start=${INLINE_LABELS}` } : {}
  return {
    labels: { results: shown.map(labelV1), start: 0, limit: INLINE_LABELS, size: shown.length, _links: { ...more } },
    _expandable: { properties: '' },
  }
}

function childrenV1(site: Site, content: SimulatedContent, expand: ReadonlySet<string>): Payload {
  const { world } = site
  const kinds = ['attachment', 'comment', 'page'].filter((kind) => expand.has(`children.${kind}`))
  return Object.fromEntries(kinds.map((kind) => {
    const own = kind === 'page'
      ? world.contents.values().filter((page) => page.type === 'page' && page.parentId === content.id && page.status === 'current').toArray()
      : world.attached(content.id).filter((child) => child.type === kind)
    const shown = own.filter((child) => world.isVisible(child)).slice(0, INLINE_CHILDREN)
    const more = own.length > shown.length ? { next: `/rest/api/content/${content.id}/child/${kind}?limit=${INLINE_CHILDREN}&start=${INLINE_CHILDREN}` } : {}
    return [kind, { results: shown.map((child) => contentV1(site, child, new Set())), start: 0, limit: INLINE_CHILDREN, size: shown.length, _links: { ...more } }]
  }))
}

function extensionsV1(content: SimulatedContent, expand: ReadonlySet<string>): Payload {
  if (content.type === 'page') return { position: content.position }
  if (content.type === 'attachment') return { mediaType: content.file?.mediaType, fileSize: content.file?.bytes, comment: '' }
  if (content.type === 'blogpost' || isTextless(content)) return {}
  if (content.inline === undefined) return { location: 'footer', _expandable: { resolution: '' } }
  const { selection, resolution } = content.inline
  return {
    location: 'inline',
    ...(expand.has('extensions.inlineProperties') ? { inlineProperties: { markerRef: `marker-${content.id}`, originalSelection: selection } } : {}),
    ...(expand.has('extensions.resolution') ? { resolution: { status: resolution } } : {}),
  }
}

export function spaceV1(site: Site, space: SimulatedSpace): Payload {
  return {
    id: space.id,
    key: space.key,
    name: space.name,
    type: spaceType(space),
    status: space.status,
    _expandable: { homepage: space.homepageId === undefined ? '' : `/rest/api/content/${space.homepageId}`, metadata: '', description: '' },
    _links: {
      webui: site.world.deployment === 'cloud' ? `/spaces/${space.key}` : `/display/${space.key}`,
      self: `${site.origin}${site.context}/rest/api/space/${space.key}`,
    },
  }
}

export function userV1(site: Site, user: SimulatedUser): Payload {
  const shared = {
    type: 'known',
    displayName: user.displayName,
    profilePicture: { path: `${site.context}/images/icons/profilepics/default.png`, width: 48, height: 48, isDefault: true },
    _expandable: {},
    _links: {},
  }
  if (site.world.deployment === 'datacenter') return { ...shared, username: user.username, userKey: user.id }
  return { ...shared, accountId: user.id, accountType: 'atlassian', email: '', publicName: user.displayName, isExternalCollaborator: false }
}

export function labelV1(name: string): Payload {
  return { prefix: 'global', name, id: labelId(name), label: name }
}

/** Data Center writes times in its own zone, Cloud in UTC. */
function date({ timeZoneMinutes, world }: Site, time: number): string {
  if (world.deployment === 'cloud') return new Date(time).toISOString()
  const minutes = Math.abs(timeZoneMinutes)
  const two = (value: number): string => String(value).padStart(2, '0')
  const local = new Date(time + timeZoneMinutes * 60_000).toISOString().slice(0, -1)
  return `${local}${timeZoneMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
