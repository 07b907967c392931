import type { SimulatedContent } from './entities.ts'
import { Refusal, Violation } from '../base/answer.ts'
import { type CqlQuery, parseCql } from './cql.ts'
import type { PageCaps } from './quirks.ts'
import { type Exchange, idKey, listOf, type Row, timeKey } from './site.ts'
import type { IndexedContent } from './search-index.ts'

/**
 * What a query finds, in its order. Membership and order are the index's, which is behind; the contents themselves are
 * as they are now. Rows of what is gone since, or hidden, are still counted when the listing is cut.
 */
export function search(exchange: Exchange): Row<SimulatedContent | undefined>[] {
  const { site, query } = exchange
  const { world } = site
  const parsed = parsedQuery(exchange)
  const seen = new Set(world.spaces.values().filter(({ access }) => access === 'readable' || access === 'empty').map(({ key }) => key.toLowerCase()))
  const unseen = parsed.spaces.find((key) => !seen.has(key.toLowerCase()))
  if (unseen !== undefined && site.searchRefusesUnknownSpaces) throw new Refusal(400, `The value '${unseen}' does not exist for the field 'space'`)
  const archivedToo = site.searchShowsArchived
  const archivedSpaces = query.get('includeArchivedSpaces') === 'true'
  const found = world.index.at(world.now()).filter((content) =>
    parsed.matches(content) && (archivedToo || content.status === 'current') && (archivedSpaces || !content.spaceArchived),
  )
  const rows = found.map((indexed) => ({ key: orderKey(indexed, parsed.order), item: world.contents.get(indexed.id) })).toArray()
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** What may be shown of a row. */
export function isShown({ site }: Exchange, content: SimulatedContent | undefined): content is SimulatedContent {
  return content !== undefined && content.status !== 'trashed' && site.world.isVisible(content)
}

/** How many results an answer has: the limit asked for, cut to what the server gives with these expansions. */
export function cappedLimit({ query }: Exchange, caps: PageCaps, expand: ReadonlySet<string>): number {
  const given = query.get('limit') ?? '25'
  if (!/^\d+$/.test(given) || Number(given) === 0) throw new Violation(`limit=${given}`)
  const cap = expand.has('body.storage') ? caps.bodies : expand.size > 0 ? caps.expanded : caps.plain
  return Math.min(Number(given), cap)
}

/** Repeated `expand` parameters and lists with commas mean the same. */
export function givenExpansions({ query }: Exchange): string[] {
  return listOf(query, 'expand')
}

function parsedQuery({ query, site }: Exchange): CqlQuery {
  const cql = query.get('cql')
  if (cql === null || cql.trim() === '') throw new Refusal(400, 'CQL query parameter is required but was empty')
  return parseCql(cql, { now: site.world.now(), timeZoneMinutes: site.timeZoneMinutes })
}

function orderKey(content: IndexedContent, order: CqlQuery['order']): string {
  const keys = order.map(({ field, descending }) => {
    if (field !== 'title') return timeKey(field === 'created' ? content.created : content.lastModified, descending)
    if (descending) throw new Violation('title desc is not simulated')
    return content.title
  })
  // Without an order there is none to rely on.
  if (order.length === 0) keys.push(idKey(content.id).split('').reverse().join(''))
  return [...keys, idKey(content.id)].join(' ')
}
