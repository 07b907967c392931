/** What a person copies from the browser, and what to write instead. */
export interface PastedAddress {
  readonly base_url: string
  readonly ref?: string | undefined
  readonly path?: string | undefined
}

/** Pages beside the files of a repository that are copied as well; behind `/-/` on GitLab. */
const PAGES = new Set(['issues', 'pull', 'pulls', 'pull-requests', 'merge_requests', 'commits', 'commit', 'releases', 'branches', 'tags', 'actions', 'settings', 'wikis', 'projects', 'discussions', 'compare', 'network', 'graphs', 'pipelines'])
const GITHUB = /(?:^|\.)github(?:\.|$)/
const GITLAB = /(?:^|\.)gitlab(?:\.|$)/
const GITEA = /^(?:codeberg\.org$|gitea\.|forgejo\.)/

/**
 * Reads the address of a page of a repository (a folder, a file, its issues) as the repository, where its form says
 * that it is one; undefined for what may be a repository itself.
 */
export function pastedAddress(url: URL): PastedAddress | undefined {
  const host = url.hostname.toLowerCase()
  const parts = url.pathname.split('/').filter((part) => part !== '')
  const at = (count: number): string => `${url.origin}/${parts.slice(0, count).join('/')}`
  const rest = (from: number): { ref?: string; path?: string } => {
    const [ref, ...path] = parts.slice(from).map(decode)
    return { ...(ref !== undefined && ref !== 'HEAD' && { ref }), ...(path.length > 0 && { path: path.join('/') }) }
  }
  if (parts.at(-1)?.endsWith('.git') === true) return undefined
  const dash = parts.indexOf('-')
  if (dash >= 2) return ['tree', 'blob', 'raw'].includes(parts[dash + 1] ?? '') ? { base_url: at(dash), ...rest(dash + 2) } : { base_url: at(dash) }
  const browse = parts.indexOf('browse')
  if (browse >= 4 && parts[browse - 2] === 'repos') return dataCenter(url, parts, browse)
  const azure = parts.indexOf('_git')
  if (azure !== -1) return url.searchParams.has('path') || url.searchParams.has('version') ? azureDevOps(url, at(azure + 2)) : undefined
  const [, , page = ''] = parts
  if (host === 'git.sr.ht' && (page === 'tree' || page === 'log')) {
    const { ref, path } = rest(3)
    return { base_url: at(2), ref, path: path?.replace(/^item\//, '') }
  }
  if ((host === 'bitbucket.org' || GITEA.test(host)) && page === 'src') {
    const kind = GITEA.test(host) && ['branch', 'tag', 'commit'].includes(parts[3] ?? '') ? 1 : 0
    return { base_url: at(2), ...rest(3 + kind) }
  }
  if (GITLAB.test(host)) return undefined
  if (['tree', 'blob'].includes(page) && parts.length >= 4) return { base_url: at(2), ...rest(3) }
  if (GITHUB.test(host) && page === 'wiki') return { base_url: `${at(2)}.wiki.git` }
  if ((GITHUB.test(host) || host === 'bitbucket.org' || GITEA.test(host)) && PAGES.has(page)) return { base_url: at(2) }
  return undefined
}

/** `/projects/PROJ/repos/repo/browse/docs?at=refs/heads/main` is cloned from `/scm/PROJ/repo.git`. */
function dataCenter(url: URL, parts: readonly string[], browse: number): PastedAddress {
  const context = parts.slice(0, browse - 4).map((part) => `/${part}`).join('')
  const owner = parts[browse - 4] === 'users' ? `~${parts[browse - 3]}` : parts[browse - 3]
  const path = parts.slice(browse + 1).map(decode).join('/')
  const ref = url.searchParams.get('at')
  return { base_url: `${url.origin}${context}/scm/${owner}/${parts[browse - 1]}.git`, ...(ref !== null && { ref }), ...(path !== '' && { path }) }
}

function azureDevOps(url: URL, base_url: string): PastedAddress {
  const version = url.searchParams.get('version') ?? ''
  const path = (url.searchParams.get('path') ?? '').replace(/^\//, '')
  return { base_url, ...(version.length > 2 && { ref: version.slice(2) }), ...(path !== '' && { path }) }
}

/** On the large hosts a repository has an owner and a name. */
export function namesAnOwner({ hostname, pathname }: URL): boolean {
  const parts = pathname.split('/').filter((part) => part !== '').length
  return parts < 2 && ['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org', 'git.sr.ht'].includes(hostname)
}

/** Says what the address is, and what to write instead of it. */
export function pastedProblem({ base_url, ref, path }: PastedAddress): string {
  const lines = [`base_url: ${base_url}`, ...(ref === undefined ? [] : [`ref: ${ref}`]), ...(path === undefined ? [] : [`include_paths: ${path}`])]
  return `is a page of a repository, not the repository; write ${lines.join(', ')}`
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
