import type { RunCounters } from '@qdrant-loader/core/state'
import { formatCount } from '../output/format-values.ts'
import type { Paint } from '../output/paint.ts'
import { printableName } from '../output/printable.ts'

/** The reasons of our own connectors in words, behind a number. Those of others are shown as they are. */
const WORDS: Readonly<Record<string, string>> = {
  refused: 'refused',
  login_form: 'shown as a login form',
  bad_encoding: 'in an encoding that was not asked for',
  redirect_loop: 'redirected in a circle or too often',
  redirected_elsewhere: 'redirected to where this source does not read',
  unanswered: 'not answered',
  dead_link: 'linked and missing',
  too_large: 'too large',
  empty: 'without text',
  scripts_only: 'made by scripts only, so without text',
  alternative: 'another version of a page',
  robots: 'left out for robots.txt',
  max_pages: 'left out for max_pages',
  max_depth: 'left out for max_depth',
  too_many_queries: 'left out, one of too many queries',
  sitemap_cut: 'of the sitemap left out for max_pages',
  sitemap_unread: 'sitemaps not read',
}

/** What a source has and did not show: a line for each reason, with one example. Empty when there is nothing to say. */
export function renderShortfalls(label: string, shortfalls: RunCounters['shortfalls'], paint: Paint): readonly string[] {
  return Object.entries(shortfalls).map(([reason, { count, example }]) => {
    const line = `${label}: ${formatCount(count)} ${WORDS[reason] ?? reason}, such as ${printableName(example)}`
    return reason === 'scripts_only' ? paint.warning(line) : paint.faint(line)
  })
}
