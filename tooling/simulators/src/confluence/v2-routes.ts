import { z } from 'zod'
import type { SimulatedContent, SimulatedSpace } from './entities.ts'
import { Refusal, Violation } from '../base/answer.ts'
import { type Exchange, idKey, limitV2, listOf, nextPath, pageByCursor, type Route, type Row, timeKey, visible } from './site.ts'
import { contentV2, labelId, labelV2, spaceV2, userV2, versionV2 } from './v2-payload.ts'

const API = '/wiki/api/v2'
const PAGED = ['cursor', 'limit'] as const
const OF_CONTENT = ['sort', 'status', 'title', 'body-format', ...PAGED] as const
const OF_COMMENTS = ['sort', 'status', 'body-format', ...PAGED] as const
const ONE_PAGE = ['body-format', 'get-draft', 'status', 'version', 'include-labels', 'include-version', 'include-versions'] as const
const ONE_COMMENT = ['body-format', 'version', 'include-version', 'include-versions'] as const
/** Most ids that `id` may name. */
const MOST_IDS = 250

/** The routes of the v2 interface of Cloud that our software could use. */
export const v2Routes: readonly Route[] = [
  listing('/spaces', ['ids', 'keys', 'type', 'status', 'labels', 'sort', 'description-format', 'include-icon', ...PAGED], spaces),
  single('/spaces/{id}', ['description-format', 'include-icon'], (exchange) => spaceV2(readableSpace(exchange))),
  listing('/spaces/{id}/pages', ['depth', ...OF_CONTENT], (exchange) => contents(exchange, 'page', [readableSpace(exchange).id])),
  listing('/spaces/{id}/blogposts', OF_CONTENT, (exchange) => contents(exchange, 'blogpost', [readableSpace(exchange).id])),
  listing('/pages', ['id', 'space-id', 'subtype', ...OF_CONTENT], (exchange) => contents(exchange, 'page', spaceIds(exchange))),
  listing('/blogposts', ['id', 'space-id', ...OF_CONTENT], (exchange) => contents(exchange, 'blogpost', spaceIds(exchange))),
  single('/pages/{id}', [...ONE_PAGE, 'include-direct-children'], (exchange) => one(exchange, 'page')),
  ...(['folder', 'whiteboard', 'database', 'embed'] as const).map((type) =>
    single(`/${type}s/{id}`, ['include-collaborators', 'include-direct-children', 'include-operations', 'include-properties'], (exchange) =>
      contentV2(exchange.site, visible(exchange, exchange.params['id'], [type]), false),
    ),
  ),
  single('/blogposts/{id}', ONE_PAGE, (exchange) => one(exchange, 'blogpost')),
  ...(['page', 'blogpost'] as const).flatMap((type) => ofContainer(type)),
  ...(['footer', 'inline'] as const).flatMap((place) => ofComments(place)),
  listing('/pages/{id}/children', ['sort', ...PAGED], children),
  listing('/pages/{id}/direct-children', ['sort', ...PAGED], children),
  listing('/pages/{id}/descendants', ['depth', ...PAGED], descendants),
  listing('/pages/{id}/ancestors', ['limit'], (exchange) => {
    const above = exchange.site.world.ancestors(visible(exchange, exchange.params['id'], ['page']))
    return { results: above.slice(-limitV2(exchange)).map(({ id, type }) => ({ id, type })), _links: links(exchange, undefined) }
  }),
  listing('/labels', ['label-id', 'prefix', 'sort', ...PAGED], (exchange) => {
    const names = new Set(exchange.site.world.contents.values().flatMap(({ labels }) => labels))
    return paged(exchange, [...names].map((name) => ({ key: idKey(labelId(name)), item: name })), labelV2)
  }),
  listing('/labels/{id}/pages', ['space-id', 'sort', 'body-format', ...PAGED], (exchange) => labelled(exchange, 'page')),
  listing('/labels/{id}/blogposts', ['space-id', 'sort', 'body-format', ...PAGED], (exchange) => labelled(exchange, 'blogpost')),
  listing('/attachments', ['sort', 'status', 'mediaType', 'filename', ...PAGED], (exchange) => rowsOf(exchange, ofType(exchange, 'attachment'))),
  single('/attachments/{id}', ['version', 'include-version'], (exchange) =>
    contentV2(exchange.site, visible(exchange, exchange.params['id'], ['attachment']), false),
  ),
  post('/users-bulk', (exchange) => {
    const { accountIds } = bodyAs(exchange, z.strictObject({ accountIds: z.array(z.string()).min(1).max(250) }))
    if (exchange.site.usersRefused !== undefined) throw new Refusal(exchange.site.usersRefused, 'Unauthorized; scope does not match')
    const { users } = exchange.site.world
    return { results: accountIds.flatMap((id) => users.get(id) ?? []).map(userV2), _links: links(exchange, undefined) }
  }),
  post('/content/convert-ids-to-types', (exchange) => {
    const { contentIds } = bodyAs(exchange, z.strictObject({ contentIds: z.array(z.union([z.string(), z.number()])) }))
    return { results: Object.fromEntries(contentIds.map((id) => [id, typeOf(exchange, String(id))])) }
  }),
]

type Answering = (exchange: Exchange) => Record<string, unknown>

function listing(path: string, query: readonly string[], answer: Answering): Route {
  return { method: 'GET', path: `${API}${path}`, query, listing: true, answer: (exchange) => withLinkHeader(answer(exchange)) }
}

function single(path: string, query: readonly string[], answer: Answering): Route {
  return { method: 'GET', path: `${API}${path}`, query, listing: false, answer: (exchange) => ({ body: answer(exchange) }) }
}

function post(path: string, answer: Answering): Route {
  return { method: 'POST', path: `${API}${path}`, query: [], listing: false, answer: (exchange) => ({ body: answer(exchange) }) }
}

function ofContainer(type: 'page' | 'blogpost'): Route[] {
  const attached = (exchange: Exchange): SimulatedContent[] => exchange.site.world.attached(visible(exchange, exchange.params['id'], [type]).id)
  const roots = (exchange: Exchange, inline: boolean): Record<string, unknown> =>
    rowsOf(exchange, attached(exchange).filter((content) => content.type === 'comment' && content.parentId === undefined && (content.inline !== undefined) === inline))
  const path = `/${type}s/{id}`
  return [
    listing(`${path}/footer-comments`, OF_COMMENTS, (exchange) => roots(exchange, false)),
    listing(`${path}/inline-comments`, [...OF_COMMENTS, 'resolution-status'], (exchange) => roots(exchange, true)),
    listing(`${path}/attachments`, ['sort', 'status', 'mediaType', 'filename', ...PAGED], (exchange) =>
      rowsOf(exchange, attached(exchange).filter((content) => content.type === 'attachment')),
    ),
    listing(`${path}/labels`, ['prefix', 'sort', ...PAGED], (exchange) => {
      const { labels } = visible(exchange, exchange.params['id'], [type])
      return paged(exchange, labels.map((name) => ({ key: idKey(labelId(name)), item: name })), labelV2)
    }),
    listing(`${path}/versions`, ['body-format', 'sort', ...PAGED], (exchange) => {
      const { version } = visible(exchange, exchange.params['id'], [type])
      return { results: [versionV2(version)], _links: links(exchange, undefined) }
    }),
  ]
}

/** The listings of a site hold replies too, those of a page only what is not a reply. */
function ofComments(place: 'footer' | 'inline'): Route[] {
  const all = (exchange: Exchange): SimulatedContent[] => ofType(exchange, 'comment').filter(({ inline }) => (inline !== undefined) === (place === 'inline'))
  return [
    listing(`/${place}-comments`, OF_COMMENTS, (exchange) => rowsOf(exchange, all(exchange))),
    single(`/${place}-comments/{id}`, ONE_COMMENT, (exchange) => {
      const comment = visible(exchange, exchange.params['id'], ['comment'])
      if ((comment.inline !== undefined) !== (place === 'inline')) throw new Refusal(404, 'No such comment')
      exchange.site.broken.check(comment, wantsBody(exchange) ? 'text' : 'bare')
      return contentV2(exchange.site, comment, wantsBody(exchange))
    }),
    listing(`/${place}-comments/{id}/children`, OF_COMMENTS, (exchange) => {
      const { id } = visible(exchange, exchange.params['id'], ['comment'])
      return rowsOf(exchange, all(exchange).filter(({ parentId }) => parentId === id))
    }),
  ]
}

function spaces(exchange: Exchange): Record<string, unknown> {
  const { query, site } = exchange
  const [ids, keys, [status]] = [listOf(query, 'ids'), listOf(query, 'keys'), listOf(query, 'status')]
  const fitting = site.world.spaces.values().filter((space) =>
    (ids.length === 0 || ids.includes(String(space.id))) && (keys.length === 0 || keys.includes(space.key)) && (status === undefined || status === space.status),
  )
  const listed = fitting.filter(({ access }) => access === 'readable' || access === 'empty').toArray()
  return paged(exchange, listed.map((space) => ({ key: idKey(String(space.id)), item: space })), spaceV2)
}

function readableSpace({ params, site }: Exchange): SimulatedSpace {
  const space = site.world.spaces.get(Number(params['id']))
  if (space?.access === 'forbidden') throw new Refusal(403, 'The account may not use this space.')
  if (space === undefined || space.access === 'hidden') throw new Refusal(404, 'No such space')
  return space
}

/** Unknown and hidden spaces are no error here: nothing in them is listed. */
function spaceIds({ query }: Exchange): number[] | undefined {
  const ids = listOf(query, 'space-id').map(Number)
  return ids.length === 0 ? undefined : ids
}

function contents(exchange: Exchange, type: 'page' | 'blogpost', inSpaces: readonly number[] | undefined): Record<string, unknown> {
  const { query, site } = exchange
  const ids = listOf(query, 'id')
  if (ids.length > MOST_IDS || ids.some((id) => !/^\d+$/.test(id))) throw new Violation(`id names ${ids.length} contents, or something that is no number`)
  const statuses = new Set(query.has('status') ? listOf(query, 'status') : type === 'page' ? ['current', 'archived'] : ['current'])
  for (const status of statuses) if (!['current', 'archived', 'deleted', 'trashed'].includes(status)) throw new Violation(`status=${status}`)
  const title = query.get('title')
  const rootOnly = query.get('depth') === 'root'
  const wanted = ids.length === 0 ? site.world.contents.values().toArray() : ids.flatMap((id) => site.world.contents.get(id) ?? [])
  const fitting = wanted.filter((content) =>
    content.type === type && statuses.has(content.status) && (inSpaces?.includes(content.spaceId) ?? true) &&
    (title === null || content.title === title) && (!rootOnly || content.parentId === undefined),
  )
  return rowsOf(exchange, fitting)
}

function labelled(exchange: Exchange, type: 'page' | 'blogpost'): Record<string, unknown> {
  const inSpaces = spaceIds(exchange)
  const fitting = ofType(exchange, type).filter(({ labels, status, spaceId }) =>
    status === 'current' && labels.some((name) => labelId(name) === exchange.params['id']) && (inSpaces?.includes(spaceId) ?? true))
  return rowsOf(exchange, fitting)
}

function ofType({ site }: Exchange, type: string): SimulatedContent[] {
  return site.world.contents.values().filter((content) => content.type === type).toArray()
}

function one(exchange: Exchange, type: 'page' | 'blogpost'): Record<string, unknown> {
  const { query, site } = exchange
  const content = visible(exchange, exchange.params['id'], [type])
  const statuses = query.has('status') ? listOf(query, 'status') : ['current', 'archived', ...(site.getShowsTrashed ? ['trashed'] : [])]
  if (!statuses.includes(content.status)) throw new Refusal(404, 'No such content in these states')
  const labels = query.get('include-labels') === 'true'
    ? { labels: { results: content.labels.slice(0, 50).map(labelV2), meta: { hasMore: content.labels.length > 50 }, _links: { self: `/wiki/api/v2/${type}s/${content.id}/labels` } } }
    : {}
  return { ...contentV2(site, content, wantsBody(exchange)), ...labels }
}

function children(exchange: Exchange): Record<string, unknown> {
  const { id } = visible(exchange, exchange.params['id'], ['page'])
  const below = ofType(exchange, 'page').filter(({ parentId, status }) => parentId === id && status === 'current')
  const rows = below.map((page) => ({ key: idKey(page.id), item: page }))
  return paged(exchange, rows, (page) => ({ id: page.id, status: page.status, title: page.title, type: 'page', spaceId: String(page.spaceId), childPosition: page.position }))
}

function descendants(exchange: Exchange): Record<string, unknown> {
  const { world } = exchange.site
  const top = visible(exchange, exchange.params['id'], ['page'])
  const depthOf = (page: SimulatedContent): number => world.ancestors(page).length - world.ancestors(top).length
  const deepest = Number(exchange.query.get('depth') ?? 5)
  if (!(deepest >= 1 && deepest <= 10)) throw new Violation(`depth=${deepest} is not within 1 and 10`)
  const rows = world.descendants(top.id).filter((page) => page.status === 'current' && world.isVisible(page) && depthOf(page) <= deepest)
    .map((page) => ({ key: idKey(page.id), item: page })).sort((a, b) => (a.key < b.key ? -1 : 1))
  return paged(exchange, rows, (page) => ({ id: page.id, status: page.status, title: page.title, type: page.type, parentId: page.parentId, depth: depthOf(page), childPosition: page.position }))
}

/** Orders, cuts, and only then leaves out what is hidden: so a page may be short, or empty, and still lead on. */
function rowsOf(exchange: Exchange, items: readonly SimulatedContent[]): Record<string, unknown> {
  const { query, site } = exchange
  const sort = query.get('sort') ?? 'id'
  const body = wantsBody(exchange)
  const rows = items.map((item) => ({ key: sortKey(item, sort), item })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const { items: cut, cursor } = pageByCursor(exchange, rows, limitV2(exchange))
  const shown = cut.filter((item) => site.world.isVisible(item))
  const byId = query.has('id')
  const row = (item: SimulatedContent): unknown => {
    site.broken.check(item, body ? 'text' : byId ? 'bare' : 'listing')
    return contentV2(site, item, body)
  }
  return { results: shown.map(row), _links: links(exchange, cursor) }
}

function sortKey(content: SimulatedContent, sort: string): string {
  const id = idKey(content.id)
  switch (sort) {
    case 'id':
      return id
    case '-id':
      return timeKey(Number(id), true)
    case 'created-date':
    case '-created-date':
      return `${timeKey(content.createdAt, sort.startsWith('-'))} ${id}`
    case 'modified-date':
    case '-modified-date':
      return `${timeKey(content.version.createdAt, sort.startsWith('-'))} ${id}`
    case 'title':
      return `${content.title} ${id}`
    default:
      throw new Violation(`sort=${sort}`)
  }
}

function paged<Item>(exchange: Exchange, rows: readonly Row<Item>[], show: (item: Item) => unknown): Record<string, unknown> {
  const ordered = rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const { items, cursor } = pageByCursor(exchange, ordered, limitV2(exchange))
  return { results: items.map(show), _links: links(exchange, cursor) }
}

function links(exchange: Exchange, cursor: string | undefined): Record<string, string> {
  const base = `${exchange.site.origin}${exchange.site.context}`
  return cursor === undefined ? { base } : { next: nextPath(exchange, { cursor }), base }
}

function withLinkHeader(body: Record<string, unknown>): { body: unknown; headers: Record<string, string> } {
  const { next, base } = body['_links'] as { next?: string; base: string }
  return { body, headers: { link: `${next === undefined ? '' : `<${next}>; rel="next", `}<${base}>; rel="base"` } }
}

function wantsBody({ query }: Exchange): boolean {
  const format = query.get('body-format')
  if (format !== null && format !== 'storage') throw new Violation(`body-format=${format} is not simulated`)
  return format !== null
}

function bodyAs<Output>({ body }: Exchange, schema: z.ZodType<Output>): Output {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Violation(`body: ${parsed.error.message}`)
  return parsed.data
}

function typeOf({ site }: Exchange, id: string): string | null {
  const content = site.world.contents.get(id)
  if (content === undefined || !site.world.isVisible(content)) return null
  if (content.type !== 'comment') return content.type
  return content.inline === undefined ? 'footer-comment' : 'inline-comment'
}
