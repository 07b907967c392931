import type { SimulatedContent, SimulatedSpace } from './entities.ts'
import { Refusal, Violation } from '../base/answer.ts'
import { cappedLimit, givenExpansions, isShown, search } from './search.ts'
import { type Exchange, idKey, listOf, nextPath, pageByCursor, type Route, timeKey, visible } from './site.ts'
import { searchResult } from './v1-routes.ts'
import { expansionsOf, labelV1, rowV1, spaceV1, userV1 } from './v1-payload.ts'

const PAGED = ['expand', 'start', 'limit'] as const
const ANY = ['page', 'blogpost', 'comment', 'attachment'] as const

/** The routes of Data Center that our software could use, below the context path. */
export const datacenterRoutes: readonly Route[] = [
  listing('/content', ['type', 'spaceKey', 'title', 'status', 'postingDay', 'orderby', ...PAGED], contents),
  listing('/content/scan', ['type', 'spaceKey', 'status', 'expand', 'cursor', 'limit'], scan),
  listing('/content/search', ['cql', 'cqlcontext', ...PAGED], (exchange) => {
    const expand = expansionsOf(givenExpansions(exchange))
    return byOffset(exchange, search(exchange).map(({ item }) => item), expand, (content) => rowV1(exchange, content, expand, 'search'))
  }),
  listing('/search', ['cql', 'cqlcontext', 'excerpt', 'includeArchivedSpaces', ...PAGED], (exchange) => {
    const expand = expansionsOf(givenExpansions(exchange), 'content.')
    const found = search(exchange).map(({ item }) => item)
    const page = byOffset(exchange, found, expand, (content) => searchResult(exchange, content, expand))
    return { ...page, totalSize: found.length, cqlQuery: exchange.query.get('cql'), searchDuration: 1 }
  }),
  single('/content/{id}', ['status', 'version', 'expand'], one),
  listing('/content/{id}/child/{type}', ['location', 'depth', 'parentVersion', ...PAGED], children),
  listing('/content/{id}/descendant/{type}', PAGED, descendants),
  listing('/content/{id}/label', ['prefix', 'start', 'limit'], (exchange) => {
    const { labels } = visible(exchange, exchange.params['id'], ANY)
    return offsetPage(exchange, labels, cappedLimit(exchange, exchange.site.caps, new Set(['labels'])), () => true, labelV1)
  }),
  listing('/space', ['spaceKey', 'type', 'status', 'label', ...PAGED], spaces),
  single('/space/{key}', ['expand'], (exchange) => spaceV1(exchange.site, readableSpace(exchange, exchange.params['key']))),
  listing('/space/{key}/content/{type}', ['depth', ...PAGED], (exchange) => {
    const { id } = readableSpace(exchange, exchange.params['key'])
    return shownContents(exchange, ofType(exchange, exchange.params['type'] ?? '').filter((content) =>
      content.spaceId === id && content.status === 'current' && (exchange.query.get('depth') !== 'root' || content.parentId === undefined)))
  }),
  single('/user/current', ['expand'], ({ site }) => userV1(site, site.world.user('user-1'))),
  single('/user', ['username', 'key', 'expand'], ({ query, site }) => {
    if (site.usersRefused !== undefined) throw new Refusal(site.usersRefused, 'You may not browse users.')
    const user = site.world.users.values().find(({ id, username }) => id === query.get('key') || username === query.get('username'))
    if (user === undefined) throw new Refusal(404, 'No such user')
    return userV1(site, user)
  }),
]

type Answering = (exchange: Exchange) => Record<string, unknown>

function listing(path: string, query: readonly string[], answer: Answering): Route {
  return { method: 'GET', path: `/rest/api${path}`, query, listing: true, answer: (exchange) => ({ body: answer(exchange) }) }
}

function single(path: string, query: readonly string[], answer: Answering): Route {
  return { ...listing(path, query, answer), listing: false }
}

function contents(exchange: Exchange): Record<string, unknown> {
  return shownContents(exchange, selected(exchange), exchange.query.get('orderby'))
}

/** Walks by cursor instead of by offset (since 7.18). */
function scan(exchange: Exchange): Record<string, unknown> {
  const { site } = exchange
  const expand = expansionsOf(givenExpansions(exchange))
  const limit = cappedLimit(exchange, site.caps, expand)
  const rows = selected(exchange).map((item) => ({ key: idKey(item.id), item })).sort((a, b) => (a.key < b.key ? -1 : 1))
  const { items, cursor } = pageByCursor(exchange, rows, limit)
  const results = items.filter((item) => site.world.isVisible(item)).map((item) => rowV1(exchange, item, expand, 'listing'))
  const next = cursor === undefined ? {} : { next: nextPath(exchange, { cursor }).slice(site.context.length) }
  return { results, cursor: exchange.query.get('cursor') ?? '', nextCursor: cursor ?? '', limit, size: results.length, _links: { ...base(exchange), ...next } }
}

function selected(exchange: Exchange): SimulatedContent[] {
  const { query } = exchange
  const type = query.get('type') ?? 'page'
  if (type !== 'page' && type !== 'blogpost') throw new Violation(`type=${type}`)
  const key = query.get('spaceKey')
  const space = key === null ? undefined : readableSpace(exchange, key)
  const statuses = statusesOf(exchange)
  if (exchange.site.trashNeedsAdmin && statuses.includes('trashed')) throw new Refusal(403, 'The trash of a space is for its administrators.')
  const [title, day] = [query.get('title'), query.get('postingDay')]
  return ofType(exchange, type).filter((content) =>
    statuses.includes(content.status) && (space === undefined || content.spaceId === space.id) && (title === null || content.title === title) &&
    (day === null || new Date(content.createdAt + exchange.site.timeZoneMinutes * 60_000).toISOString().startsWith(day)))
}

function statusesOf({ query }: Exchange): string[] {
  const given = listOf(query, 'status')
  const unknown = given.find((status) => !['current', 'trashed', 'any', 'draft', 'historical'].includes(status))
  if (unknown !== undefined) throw new Violation(`status=${unknown}`)
  const statuses = given.includes('any') ? ['current', 'trashed'] : given
  return statuses.length === 0 ? ['current'] : statuses
}

function one(exchange: Exchange): Record<string, unknown> {
  const content = visible(exchange, exchange.params['id'], ANY)
  const inTrash = content.status === 'trashed' && exchange.site.trashNeedsAdmin
  if (inTrash || !statusesOf(exchange).includes(content.status)) throw new Refusal(404, `No content found with id: ContentId{id=${content.id}}`)
  return rowV1(exchange, content, expansionsOf(givenExpansions(exchange)), 'bare')
}

function children(exchange: Exchange): Record<string, unknown> {
  const { params, query, site } = exchange
  const above = visible(exchange, params['id'], ANY)
  const { type } = params
  if (type === 'page') return shownContents(exchange, ofType(exchange, 'page').filter(({ parentId, status }) => parentId === above.id && status === 'current'))
  if (type === 'attachment') return shownContents(exchange, site.world.attached(above.id).filter((content) => content.type === 'attachment'))
  if (type !== 'comment') throw new Violation(`child/${type}`)
  const locations = listOf(query, 'location')
  const deep = query.get('depth') === 'all'
  const comments = above.type === 'comment'
    ? ofType(exchange, 'comment').filter(({ parentId }) => parentId === above.id)
    : site.world.attached(above.id).filter((content) => content.type === 'comment' && (deep || content.parentId === undefined))
  return shownContents(exchange, comments.filter((comment) => locations.length === 0 || locations.includes(locationOf(comment))))
}

function locationOf({ inline }: SimulatedContent): string {
  if (inline === undefined) return 'footer'
  return inline.resolution === 'resolved' ? 'resolved' : 'inline'
}

function descendants(exchange: Exchange): Record<string, unknown> {
  const { params, site } = exchange
  const { id } = visible(exchange, params['id'], ['page', 'blogpost'])
  if (params['type'] === 'page') return shownContents(exchange, site.world.descendants(id).filter(({ status }) => status === 'current'))
  if (params['type'] === 'comment') return shownContents(exchange, site.world.attached(id).filter(({ type }) => type === 'comment'))
  throw new Violation(`descendant/${params['type']}`)
}

function spaces(exchange: Exchange): Record<string, unknown> {
  const { query, site } = exchange
  const [keys, status] = [listOf(query, 'spaceKey'), query.get('status')]
  const listed = site.world.spaces.values().filter((space) =>
    (space.access === 'readable' || space.access === 'empty') && (keys.length === 0 || keys.includes(space.key)) && (status === null || space.status === status))
  return offsetPage(exchange, listed.toArray(), cappedLimit(exchange, site.caps, new Set(['space'])), () => true, (space) => spaceV1(site, space))
}

function readableSpace({ site }: Exchange, key: string | undefined): SimulatedSpace {
  const space = site.world.spaces.values().find((other) => other.key === key)
  if (space?.access === 'forbidden') throw new Refusal(403, 'The account may not use this space.')
  if (space === undefined || space.access === 'hidden') throw new Refusal(404, `No space with key : ${key}`)
  return space
}

function ofType({ site }: Exchange, type: string): SimulatedContent[] {
  return site.world.contents.values().filter((content) => content.type === type).toArray()
}

function shownContents(exchange: Exchange, items: readonly SimulatedContent[], orderby: string | null = null): Record<string, unknown> {
  const expand = expansionsOf(givenExpansions(exchange))
  const order = orderby?.toLowerCase() ?? 'id'
  if (!['id', 'modified', 'modified desc'].includes(order)) throw new Violation(`orderby=${orderby}`)
  const key = (content: SimulatedContent): string =>
    order === 'id' ? idKey(content.id) : `${timeKey(content.version.createdAt, order.endsWith('desc'))} ${idKey(content.id)}`
  const ordered = items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
  return byOffset(exchange, ordered, expand, (content) => rowV1(exchange, content, expand, 'listing'), true)
}

function byOffset(
  exchange: Exchange,
  items: readonly (SimulatedContent | undefined)[],
  expand: ReadonlySet<string>,
  show: (content: SimulatedContent) => unknown,
  trashedToo = false,
): Record<string, unknown> {
  const limit = cappedLimit(exchange, exchange.site.caps, expand)
  const shown = (item: SimulatedContent | undefined): item is SimulatedContent =>
    trashedToo ? item !== undefined && exchange.site.world.isVisible(item) : isShown(exchange, item)
  return offsetPage(exchange, items, limit, shown, (item) => (item === undefined ? undefined : show(item)))
}

/** Cut by position, so what changes in between makes rows move; hidden ones are left out after the cut. */
function offsetPage<Item>(exchange: Exchange, items: readonly Item[], limit: number, shown: (item: Item) => boolean, show: (item: Item) => unknown): Record<string, unknown> {
  const { query } = exchange
  const start = Number(query.get('start') ?? 0)
  if (!Number.isInteger(start) || start < 0) throw new Violation(`start=${query.get('start')}`)
  const { limit: said = 'applied', next: leads = 'applied', endlessOver = 200 } = exchange.site.positions
  const asked = Number(query.get('limit') ?? '25')
  const endless = (leads === 'repeats' || leads === 'empties') && items.length > endlessOver
  const from = endless && leads === 'repeats' ? Math.min(start, Math.max(items.length - limit, 0)) : start
  const end = start + (leads === 'asked' ? asked : limit)
  const results = items.slice(from, from + limit).filter((item) => shown(item)).map(show)
  const more = end < items.length || endless
  const next = more ? { next: nextPath(exchange, { start: String(end), limit: String(limit) }).slice(exchange.site.context.length) } : {}
  const stated = said === 'none' ? {} : { limit: said === 'asked' ? asked : limit }
  return { results, start, ...stated, size: results.length, _links: { ...base(exchange), ...next } }
}

function base({ site, path }: Exchange): Record<string, string> {
  return { base: `${site.origin}${site.context}`, context: site.context, self: `${site.origin}${path}` }
}
