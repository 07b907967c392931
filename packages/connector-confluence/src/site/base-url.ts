/** Which product a base URL leads to: the routes differ. */
export type Deployment = 'cloud' | 'datacenter'

/** Where a Confluence lives. */
export interface Site {
  readonly deployment: Deployment
  /** Where API paths start. Cloud: before `/wiki`. Data Center: with the context path. Without a slash at its end. */
  readonly apiUrl: string
  /** Where pages for people start, without a slash at its end. Cloud: with `/wiki`. */
  readonly webUrl: string
}

/** Said about a base URL that cannot be used; one clause, to be shown after the key's name. */
export function baseUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL such as https://example.atlassian.net/wiki'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must start with https:// or http://'
  if (url.username !== '' || url.password !== '') return 'must not contain a user or password; use email and token'
  if (url.search !== '' || url.hash !== '') return 'must be the address of Confluence itself, without ? and #'
  return undefined
}

/** What the host's name says: `*.atlassian.net` and Atlassian's gateway are Cloud, everything else is Data Center. */
export function deploymentOf(baseUrl: string): Deployment {
  const { hostname } = new URL(baseUrl)
  return hostname.endsWith('.atlassian.net') || isGateway(hostname) ? 'cloud' : 'datacenter'
}

/** Atlassian's gateway, which tokens with scopes have to use: `https://api.atlassian.com/ex/confluence/<cloud id>`. */
export function isGateway(hostname: string): boolean {
  return hostname === 'api.atlassian.com'
}

/**
 * Reads a base URL. On Cloud it may end with `/wiki` or not; links that were copied from a page (`/wiki/spaces/…`) are
 * cut at `/wiki`. On Data Center the context path is part of it.
 */
export function siteAt(baseUrl: string, deployment: Deployment): Site {
  const url = new URL(baseUrl)
  const path = url.pathname.replace(/(?<!\/)\/+$/, '')
  if (deployment === 'datacenter') {
    const root = `${url.origin}${path}`
    return { deployment, apiUrl: root, webUrl: root }
  }
  const root = `${url.origin}${path.replace(/\/wiki(?:\/.*)?$/, '')}`
  return { deployment, apiUrl: root, webUrl: `${root}/wiki` }
}
