import { confluenceError } from '../codes.ts'

/**
 * The parameter that leads on, in a next link. The rest of the link is ours already, and `limit`
 * must stay what it was, whatever the server wrote into the link.
 *
 * @throws LoaderError `confluence_listing_broken` for a link that leads nowhere: taken for the end, it would cut the
 * listing short.
 */
export function nextIn(link: string | undefined, parameter: 'cursor', what: string): string | undefined {
  if (link === undefined || link === '') return undefined
  const base = 'https://next.invalid'
  const next = URL.canParse(link, base) ? new URL(link, base).searchParams.get(parameter) : null
  if (next !== null && next !== '') return next
  throw confluenceError('confluence_listing_broken', { what })
}
