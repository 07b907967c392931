import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

const CHECK_SITEMAP = 'Check `sitemap`; `auto` finds it through robots.txt, `off` does without. Nothing was deleted.'

/** What goes wrong with a documentation site in particular; the transport has codes of its own. */
export const PUBLIC_DOCS_CODES = {
  // The address.
  public_docs_base_missing: {
    kind: 'config',
    message: '{address} answered {status}, and there is no sitemap to start from',
    hint: 'Set `base_url` to an address that a reader can open. Nothing was deleted.',
  },
  public_docs_base_moved: {
    kind: 'config',
    message: '{address} redirects to {target}, which is not part of the configured site',
    hint: 'Set `base_url` to the new address if the documentation has moved there. Nothing was deleted.',
  },
  public_docs_unreachable: {
    kind: 'transient',
    message: '{host} stopped answering; last: {reason}',
    hint: 'Run the sync again later; it goes on where it was. Nothing was deleted.',
  },
  public_docs_same_answer: {
    kind: 'transient',
    message: '{host} answers every address with the same page, which it did not do before',
    hint: 'Open {address} in a browser: it may be under maintenance or have another owner. Nothing was deleted.',
  },

  // What may be read.
  public_docs_disallowed: {
    kind: 'config',
    message: 'robots.txt of {host} forbids reading {address}',
    hint: 'Ask the owner of the site, choose another `base_url`, or, if the site is yours, set `respect_robots: false`. Nothing was deleted.',
  },
  public_docs_crawl_delay: {
    kind: 'config',
    message: 'robots.txt of {host} asks for {seconds} s between two requests',
    hint: 'Ask the owner of the site for a copy of the documentation, or, if the site is yours, set `respect_robots: false`.',
  },
  public_docs_robots_unreachable: {
    kind: 'transient',
    message: 'Without robots.txt of {host} it is not known which pages may be read: {reason}',
    hint: 'Run the sync again later, or, if the site is yours, set `respect_robots: false`. Nothing was deleted.',
  },
  public_docs_not_public: {
    kind: 'auth',
    message: '{address} {answer}',
    hint: 'Exclude the page, or set `auth` or `headers` to sign in. Nothing was deleted.',
    about: { message: 'A page wants to know who is asking: it answers 401 or 403, redirects away, or shows a login form.' },
  },

  // Sitemaps and listings.
  public_docs_sitemap: {
    kind: 'config',
    message: 'The sitemap {address} cannot be used: {reason}',
    hint: CHECK_SITEMAP,
  },
  'public_docs_sitemap/transient': {
    kind: 'transient',
    message: 'The sitemap {address} cannot be read: {reason}',
    hint: CHECK_SITEMAP,
  },
  public_docs_sitemap_lost: {
    kind: 'transient',
    message: 'The sitemap of {host} is gone, cut short or did not answer',
    hint: 'Run the sync again: if the site has none any more, it does without it. Nothing was deleted.',
  },
  public_docs_shrunk: {
    kind: 'transient',
    message: '{host} shows less than a tenth of the pages that are held',
    hint: 'Open the site in a browser. If it really shrank, the next sync believes it. Nothing was deleted.',
  },
  public_docs_refused: {
    kind: 'document',
    message: '{host} did not show {count} of {looked} pages, such as {example}',
    hint: 'Open that address in a browser. If it needs a sign-in, set `auth` or `headers`; if it is not wanted, exclude it with `exclude_paths`. Nothing was deleted.',
  },
  public_docs_redirect_loop: {
    kind: 'document',
    message: '{address} redirects in a circle, or too often',
    hint: 'Open the address in a browser; exclude it if it leads nowhere there either.',
  },
} as const satisfies ErrorTable

export const publicDocsError = errorsOf(PUBLIC_DOCS_CODES)
