import { describe, expect, it } from 'vitest'
import { QueryError } from '../base/query-language.ts'
import { parseCql } from './cql.ts'
import type { IndexedContent } from './search-index.ts'

const NOON = Date.UTC(2026, 10, 22, 12, 0)
const PAGE: IndexedContent = {
  id: '7',
  type: 'page',
  status: 'current',
  spaceKey: 'DEV',
  spaceArchived: false,
  title: 'A "quoted" title',
  labels: ['guide'],
  ancestors: ['1', '2'],
  parentId: '2',
  containerId: undefined,
  lastModified: NOON,
  created: NOON,
}

function finds(cql: string, timeZoneMinutes = 0): boolean {
  return parseCql(cql, { now: NOON + 30_000, timeZoneMinutes }).matches(PAGE)
}

describe('CQL', () => {
  it.each([
    'space = DEV',
    'SPACE = "dev" AND type = page',
    'space in (OPS, "DEV") and type in (page, blogpost)',
    'id = 7 or id = 8',
    'ancestor = 1 and parent = 2',
    'type = page and not (label = draft)',
    'type = page and label not in (draft, old)',
    'type = page and label != draft',
    String.raw`title = "A \"quoted\" title"`,
    'lastmodified >= "2026-11-22 12:00"',
    'lastmodified >= "2026/11/22 12:00"',
    'lastmodified > "2026-11-22 11:59" and lastmodified < "2026-11-23"',
    'lastmodified = "2026-11-22 12:00" order by lastmodified desc, created',
    'lastmodified >= now("-1h")',
  ])('finds it with %s', (cql) => expect(finds(cql)).toBe(true))

  it.each([
    'space = OPS',
    'ancestor = 7',
    'lastmodified > "2026-11-22 12:00"',
    'lastmodified >= "2026-11-22 12:01"',
    'created < "2026-11-22"',
    'label = guide and type = blogpost',
    'lastmodified >= now("+1m")',
  ])('does not find it with %s', (cql) => expect(finds(cql)).toBe(false))

  it('reads dates in a zone that the client cannot know', () => {
    expect(finds('lastmodified >= "2026-11-22 12:01"', 60)).toBe(true)
    expect(finds('lastmodified >= "2026-11-22 02:00"', -600)).toBe(true)
    expect(finds('lastmodified >= "2026-11-22 02:01"', -600)).toBe(false)
  })

  it.each([
    '',
    'space',
    'space = ',
    'space ~ DEV',
    'status = current',
    'text ~ "word"',
    'space != DEV',
    'not space = DEV',
    'label not in (a) and space = DEV',
    'lastmodified >= "yesterday"',
    'lastmodified >= "2026-11-22 12:00:30"',
    'space = DEV order by id',
    'space = DEV space = OPS',
    'type in page',
    '(space = DEV',
  ])('refuses "%s"', (cql) => expect(() => finds(cql)).toThrow(QueryError))
})
