import type { SitePage, SiteSimulator, SiteWorld } from '@qdrant-loader/simulators'

/**
 * What a reader of a simulated site finds: the page of each document by the path of its id. Owes nothing to the
 * connector: it looks into the world, not at HTTP.
 */
export function documentsOf(site: SiteSimulator): ReadonlyMap<string, SitePage> {
  const { world, behaviour } = site
  const documents = new Map<string, SitePage>()
  const seen = new Set<string>()
  const queue = ['/', ...(behaviour.sitemap === 'off' ? [] : world.pages().filter((page) => page.listed !== false).map((page) => page.path))]
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (seen.has(path)) continue
    seen.add(path)
    const resource = world.at(path)
    if (resource?.kind === 'redirect' && resource.status !== 302) queue.push(resource.to)
    const page = resource?.kind === 'page' ? resource.page : resource?.kind === 'redirect' && resource.status === 302 ? pageBehind(world, resource.to) : undefined
    if (page === undefined) continue
    if (page.nofollow !== true) queue.push(...linksOf(page).map((link) => pathOf(link)).filter((link) => link !== undefined))
    const canonical = page.canonical === undefined ? undefined : canonicalPath(world, page.canonical)
    if (canonical !== undefined && canonical !== page.path) queue.push(canonical)
    else if (page.noindex !== true) documents.set(path, page)
  }
  return documents
}

/** Id of the document at a path, below the site's origin. */
export function idOf(path: string): string {
  const bare = path.replace(/\/index\.html$/, '/').replace(/\/+$/, '')
  return bare === '' ? '/' : encodeURI(bare)
}

function linksOf(page: SitePage): string[] {
  if (page.format === 'text') return []
  const inText = page.blocks.flatMap((block) => (block.kind === 'paragraph' && block.link !== undefined ? [block.link.href] : []))
  return page.format === 'markdown' ? inText : [...page.links, ...inText]
}

/** Links to other hosts are not followed. */
function pathOf(link: string): string | undefined {
  return link.startsWith('/') && !link.startsWith('//') ? link : undefined
}

/** Where a chain of redirects ends, when that is a page. */
function pageBehind(world: SiteWorld, path: string): SitePage | undefined {
  let resource = world.at(path)
  for (let hops = 0; hops < 5 && resource?.kind === 'redirect'; hops += 1) resource = world.at(resource.to)
  return resource?.kind === 'page' ? resource.page : undefined
}

/** The path that a canonical link stands for: of this site, and leading to a page. Only a permanent redirect gives another. */
function canonicalPath(world: SiteWorld, canonical: string): string | undefined {
  let path = pathOf(canonical)
  if (path === undefined || pageBehind(world, path) === undefined) return undefined
  for (let resource = world.at(path); resource?.kind === 'redirect' && resource.status !== 302; resource = world.at(path)) path = resource.to
  return path
}
