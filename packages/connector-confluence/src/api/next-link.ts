import { LoaderError } from '@qdrant-loader/connector-sdk'

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
  throw new LoaderError({
    code: 'confluence_listing_broken',
    kind: 'transient',
    message: `The listing of ${what} goes on with a link that leads nowhere`,
    hint: 'Run the sync again, and report this if it stays. Nothing was deleted.',
  })
}
