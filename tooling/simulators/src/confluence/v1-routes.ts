import type { SimulatedContent } from './entities.ts'
import { Refusal, Violation } from '../base/answer.ts'
import { cappedLimit, givenExpansions, isShown, search } from './search.ts'
import { type Exchange, listOf, nextPath, pageByCursor, type Route } from './site.ts'
import { expansionsOf, rowV1, userV1 } from './v1-payload.ts'

const API = '/wiki/rest/api'

/** The routes of the v1 interface that Cloud still has, and those that it has no longer. */
export const v1Routes: readonly Route[] = [
  route('/content/search', ['cql', 'cqlcontext', 'expand', 'cursor', 'limit'], true, contentSearch),
  route('/search', ['cql', 'cqlcontext', 'expand', 'cursor', 'limit', 'excerpt', 'includeArchivedSpaces', 'next', 'prev'], true, siteSearch),
  route('/user/current', ['expand'], false, ({ site }) => userV1(site, site.world.user('user-1'))),
  route('/user', ['accountId', 'expand'], false, (exchange) => {
    const user = exchange.site.world.users.get(exchange.query.get('accountId') ?? '')
    if (user === undefined) throw new Refusal(404, 'No user with this account id')
    return userV1(exchange.site, user)
  }),
  route('/user/bulk', ['accountId', 'expand', 'start', 'limit'], false, ({ query, site }) => {
    const ids = listOf(query, 'accountId')
    if (ids.length > 200) throw new Violation(`${ids.length} accounts at once`)
    const results = ids.flatMap((id) => site.world.users.get(id) ?? []).map((user) => userV1(site, user))
    return { results, start: 0, limit: 200, size: results.length, _links: {} }
  }),
  ...['/content', '/content/{id}', '/content/{id}/child/{type}', '/space', '/space/{key}', '/space/{key}/content'].map(gone),
]

function route(path: string, query: readonly string[], listing: boolean, answer: (exchange: Exchange) => unknown): Route {
  return { method: 'GET', path: `${API}${path}`, query, listing, answer: (exchange) => ({ body: answer(exchange) }) }
}

/** Removed from Cloud: https://developer.atlassian.com/cloud/confluence/changelog/ */
function gone(path: string): Route {
  return route(path, ['expand', 'type', 'spaceKey', 'start', 'limit', 'title', 'status'], false, () => {
    throw new Refusal(410, 'This interface has been removed; use v2.')
  })
}

function contentSearch(exchange: Exchange): unknown {
  const { site } = exchange
  const expand = expansionsOf(givenExpansions(exchange))
  const { shown, limit, next } = found(exchange, expand)
  return {
    results: shown.map((content) => rowV1(exchange, content, expand, 'search')),
    start: 0,
    limit,
    size: shown.length,
    _links: { base: `${site.origin}${site.context}`, context: site.context, self: `${site.origin}${exchange.path}`, ...next },
  }
}

function siteSearch(exchange: Exchange): unknown {
  const { site } = exchange
  const expand = expansionsOf(givenExpansions(exchange), 'content.')
  const { shown, limit, next, total } = found(exchange, expand)
  return {
    results: shown.map((content) => searchResult(exchange, content, expand)),
    start: 0,
    limit,
    size: shown.length,
    totalSize: total,
    cqlQuery: exchange.query.get('cql'),
    searchDuration: 1,
    _links: { base: `${site.origin}${site.context}`, context: site.context, self: `${site.origin}${exchange.path}`, ...next },
  }
}

/** A content as a hit of the general search. */
export function searchResult(exchange: Exchange, content: SimulatedContent, expand: ReadonlySet<string>): Record<string, unknown> {
  const { site } = exchange
  const shown = rowV1(exchange, content, expand, 'search')
  const { name, key } = site.world.spaceOf(content)
  return {
    content: shown,
    title: content.title,
    excerpt: '',
    url: (shown['_links'] as { webui: string }).webui,
    resultGlobalContainer: { title: name, displayUrl: `/spaces/${key}` },
    breadcrumbs: [],
    entityType: 'content',
    iconCssClass: 'aui-icon content-type-page',
    lastModified: new Date(content.version.createdAt).toISOString(),
    friendlyLastModified: 'some time ago',
    score: 0,
  }
}

function found(exchange: Exchange, expand: ReadonlySet<string>): { shown: SimulatedContent[]; limit: number; next: { next?: string }; total: number } {
  const limit = cappedLimit(exchange, exchange.site.caps, expand)
  const rows = search(exchange)
  const { items, cursor } = pageByCursor(exchange, rows, limit)
  // Links of the v1 interface lack the context path, those of v2 have it.
  const next = cursor === undefined ? {} : { next: nextPath(exchange, { cursor, limit: exchange.query.get('limit') ?? '25' }).slice(exchange.site.context.length) }
  return { shown: items.filter((item) => isShown(exchange, item)), limit, next, total: rows.length }
}
