import picomatch from 'picomatch'
import { cleanUrl } from './site/url-form.ts'

/** What decides which URLs belong to a source. */
export interface SiteScopeOptions {
  readonly base_url: string
  readonly path_pattern?: readonly string[] | undefined
  readonly exclude_paths?: readonly string[] | undefined
}

const PAGE_FILE = /\.(?:x?html?|php|aspx?|jsp|md|markdown|txt|xml)$/i

/** Endings of what is never a page. Such links are not requested. */
const ASSET =
  /\.(?:png|jpe?g|gif|svgz?|webp|avif|ico|bmp|tiff?|css|m?js|map|woff2?|ttf|otf|eot|mp[34]|m4[av]|webm|og[gva]|wav|avi|mov|zip|gz|tgz|bz2|xz|zst|7z|rar|tar|jar|war|deb|rpm|dmg|iso|exe|msi|apk|whl|pdf|epub|mobi|ps|docx?|xlsx?|pptx?|od[tsp]|json|ya?ml|csv|rss|atom|inv|wasm|bin|asc|sig|sha256|torrent)$/i

/** Which URLs are part of the site, and which of them are selected. */
export class SiteScope {
  /** Where the crawl starts, as it is requested. */
  readonly start: URL
  /** Path that all pages begin with; ends with a slash. */
  readonly folder: string
  readonly #includes: ((path: string) => boolean) | undefined
  readonly #excludes: ((path: string) => boolean) | undefined

  constructor(options: SiteScopeOptions) {
    const start = cleanUrl(options.base_url)
    if (start === undefined) throw new TypeError('base_url is no http or https URL')
    this.start = start
    this.folder = folderOf(start.pathname)
    this.#includes = options.path_pattern && pathMatcher(options.path_pattern, this.folder)
    this.#excludes = options.exclude_paths && pathMatcher(options.exclude_paths, this.folder)
  }

  /**
   * The link as it is requested. On a site with https, links of the same host with http are taken for https, so that
   * a page has one id whichever was written.
   */
  resolve(link: string, base?: string | URL): URL | undefined {
    const url = cleanUrl(link, base)
    if (url?.protocol === 'http:' && this.start.protocol === 'https:' && url.host === this.start.host && url.port === '') url.protocol = 'https:'
    return url
  }

  /** Same host and port, and below the folder of `base_url`. */
  contains(url: URL): boolean {
    if (url.host !== this.start.host) return false
    return url.pathname.startsWith(this.folder) || `${url.pathname}/` === this.folder
  }

  /** In the site, matched by `path_pattern`, not by `exclude_paths`. */
  selects(url: URL): boolean {
    if (!this.contains(url)) return false
    const path = readable(url.pathname)
    return this.#includes?.(path) !== false && this.#excludes?.(path) !== true
  }

  /** Worth a request as a link on a page: selected, and by its ending no picture, archive or the like. */
  follows(url: URL): boolean {
    return !ASSET.test(url.pathname) && this.selects(url)
  }
}

/** The folder of a page; a path without the ending of a page is a folder itself. */
function folderOf(path: string): string {
  if (path.endsWith('/')) return path
  return PAGE_FILE.test(path) ? path.slice(0, path.lastIndexOf('/') + 1) : `${path}/`
}

/** Globs that start with a slash match the whole path, others what follows the folder of `base_url`. */
function pathMatcher(patterns: readonly string[], folder: string): (path: string) => boolean {
  const rooted = matcher(patterns.filter((pattern) => pattern.startsWith('/')))
  const relative = matcher(patterns.filter((pattern) => !pattern.startsWith('/')))
  return (path) => rooted(trimmed(path)) || (path.startsWith(folder) && relative(trimmed(path.slice(folder.length))))
}

/** A pattern that names a folder stands for everything below it. */
function matcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  const globs = patterns.flatMap((pattern) => {
    const glob = trimmed(pattern)
    return glob === '' ? ['**'] : [glob, `${glob}/**`]
  })
  const matches = picomatch(globs, { dot: true })
  // picomatch takes an empty path for none at all.
  return (path) => (path === '' ? globs.includes('**') : matches(path))
}

function trimmed(path: string): string {
  return path.replace(/^\/+|(?<!\/)\/+$/g, '')
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** What is wrong with a glob, or undefined. */
export function globProblem(pattern: string): string | undefined {
  if (pattern.trim() === '') return 'must not be empty'
  if (pattern.startsWith('!')) return 'must not start with "!"; use exclude_paths'
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern)) return 'is matched against the path of a URL, without scheme and host; start it with "/"'
  try {
    picomatch.makeRe(pattern, { dot: true, strictBrackets: true })
    return undefined
  } catch (error) {
    return `is not a valid glob: ${error instanceof Error ? error.message : String(error)}`
  }
}
