import { gzipSync } from 'node:zlib'
import { escape } from './render-page.ts'
import type { SiteBehaviour } from './quirks.ts'
import type { SitePage } from './site-page.ts'
import type { SiteWorld } from './site-world.ts'

const XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

/** The file of a sitemap at a path, when the site has one there. */
export function sitemapFile(path: string, origin: string, world: SiteWorld, behaviour: SiteBehaviour): { readonly body: Buffer; readonly contentType: string } | undefined {
  const pages = world.pages().filter((page) => page.listed !== false)
  const half = Math.ceil(pages.length / 2)
  const urls = (some: readonly SitePage[]) => urlset(some, origin, world, behaviour)
  switch (`${behaviour.sitemap} ${path}`) {
    case 'plain /sitemap.xml':
    case 'elsewhere /sitemap.xml':
      return xml(urls(pages))
    case 'huge /sitemap.xml':
      return xml(urlset([...pages, ...Array.from({ length: 50_000 }, (_, at) => ({ path: `/more/${at}.html`, editedAt: 0, createdAt: 0, title: '', blocks: [], links: [] }))], origin, world, behaviour))
    case 'index /sitemap.xml':
      return xml(index(origin, ['/sitemap-1.xml', '/sitemap-2.xml']))
    case 'index /sitemap-1.xml':
      return xml(urls(pages.slice(0, half)))
    case 'index /sitemap-2.xml':
      return xml(urls(pages.slice(half)))
    case 'gzip /sitemap.xml':
      return xml(index(origin, ['/sitemap.xml.gz']))
    case 'gzip /sitemap.xml.gz':
      return { body: gzipSync(urls(pages)), contentType: 'application/gzip' }
    default:
      return undefined
  }
}

function xml(text: string): { readonly body: Buffer; readonly contentType: string } {
  return { body: Buffer.from(text), contentType: 'application/xml; charset=utf-8' }
}

function index(origin: string, files: readonly string[]): string {
  const entries = files.map((file) => `<sitemap><loc>${origin}${file}</loc></sitemap>`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex ${XMLNS}>\n${entries.join('\n')}\n</sitemapindex>\n`
}

function urlset(pages: readonly SitePage[], origin: string, world: SiteWorld, { lastmod }: SiteBehaviour): string {
  const entries = pages.map((page) => {
    const time = lastmodOf(page, world, lastmod)
    return `<url><loc>${escape(origin + encodeURI(page.path))}</loc>${time === undefined ? '' : `<lastmod>${time}</lastmod>`}</url>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset ${XMLNS}>\n${entries.join('\n')}\n</urlset>\n`
}

function lastmodOf(page: SitePage, world: SiteWorld, kind: SiteBehaviour['lastmod']): string | undefined {
  const iso = (time: number) => new Date(time).toISOString()
  switch (kind) {
    case 'off':
      return undefined
    case 'honest':
      return iso(page.editedAt)
    case 'zone':
      return `${iso(page.editedAt + 5.5 * 3_600_000).slice(0, 19)}+05:30`
    case 'day':
      return iso(page.editedAt).slice(0, 10)
    case 'rebuilt':
      return iso(Math.max(page.editedAt, world.builtAt))
    case 'stale':
      return iso(page.createdAt)
  }
}
