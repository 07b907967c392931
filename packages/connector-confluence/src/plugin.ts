import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorContext, OpenedSource } from '@qdrant-loader/connector-sdk'
import { STORAGE_VERSION } from '@qdrant-loader/content'
import { HttpClient, JsonApi, ServerHealth } from '@qdrant-loader/http'
import type { ConfluenceApi } from './api/confluence-api.ts'
import { ConfluenceHttp } from './api/confluence-http.ts'
import { whoWeAre } from './api/who-we-are.ts'
import { ConfluenceChangeDetector } from './change-detector.ts'
import { confluenceError } from './codes.ts'
import { ConfluenceConfig } from './config.ts'
import { ConfluenceContentReader } from './content-reader.ts'
import { ConfluenceCursor } from './cursor.ts'
import { credentialsRefused, noSpace } from './errors.ts'
import { deploymentOf, isGateway, siteAt } from './site/base-url.ts'
import type { Site } from './site/base-url.ts'
import { unreadable } from './spaces/unreadable.ts'
import { Reader } from './text/reader.ts'
import { EXTRACTION_VERSION } from './text/source-document.ts'

const USER_AGENT = 'qdrant-loader (+https://github.com/qdrant-loader/qdrant-loader-ts)'

const plugin = {
  apiVersion: 1,
  type: 'confluence',
  configSchema: ConfluenceConfig,
  cursorSchema: ConfluenceCursor,
  capabilities: { identity: 'stable', judges: true, reportsDeletions: false },
  fingerprints: (config: ConfluenceConfig) => ({
    selection: {
      space_key: [...config.space_key].sort(),
      content_types: [...config.content_types].sort(),
      ancestors: config.ancestors ?? null,
      include_labels: config.include_labels ?? null,
      exclude_labels: config.exclude_labels ?? null,
      include_comments: config.include_comments,
    },
    extraction: { version: EXTRACTION_VERSION, storage: STORAGE_VERSION },
  }),
  open,
} as const

/** Reads the pages, blog posts and comments of Confluence spaces, on Cloud and on Data Center. */
export const connector = defineConnector<ConfluenceConfig, ConfluenceCursor>(plugin)

async function open(config: ConfluenceConfig, context: ConnectorContext): Promise<OpenedSource<ConfluenceCursor>> {
  const { site, onBase } = sites(config)
  warnOfPlainHttp(site, config, context)
  const client = new HttpClient({
    retry: context.retry,
    proxies: context.proxies,
    userAgent: USER_AGENT,
    network: 'any',
    timeoutMs: config.request_timeout,
    ...(config.requests_per_minute !== undefined && { requestsPerMinute: config.requests_per_minute }),
    count: (kind) => context.count(kind),
    progress: context.progress,
    logger: context.logger,
    redact: context.redact,
  })
  const json = new JsonApi({ client, baseUrl: site.apiUrl, headers: authorization(config) })
  const onBodies = (count: number) => {
    if (count > 0) context.count('content', count)
  }
  const http = new ConfluenceHttp({ json, site, signedIn: config.token !== undefined })
  const cheapest = site.deployment === 'cloud' ? '/wiki/api/v2/spaces' : '/rest/api/space'
  const health = new ServerHealth({ probe: (signal) => http.get(cheapest, { limit: '1' }, { signal }) })
  const shared = { http, health, onBodies, warn: context.logger.warn.bind(context.logger) }
  // Each deployment's routes are loaded where they are used.
  const api: ConfluenceApi =
    site.deployment === 'cloud'
      ? new (await import('./api/cloud/cloud-api.ts')).CloudApi({ ...shared, onBase })
      : new (await import('./api/datacenter/datacenter-api.ts')).DatacenterApi(shared)
  const reader = new Reader(api, site)
  return {
    detector: new ConfluenceChangeDetector({ api, site, config, reader, context }),
    reader: new ConfluenceContentReader({ api, site, config, reader }),
    check: (signal) => check(api, site, config, signal),
    async close() {},
  }
}

/** Where Confluence lives. Behind the gateway, the first answer tells where its pages are. */
function sites(config: ConfluenceConfig): { readonly site: Site; readonly onBase: (url: string) => void } {
  const given = siteAt(config.base_url, config.deployment_type ?? deploymentOf(config.base_url))
  if (!isGateway(new URL(given.apiUrl).hostname)) return { site: given, onBase: () => undefined }
  let webUrl = given.webUrl
  const { deployment, apiUrl } = given
  const site: Site = {
    deployment,
    apiUrl,
    get webUrl() {
      return webUrl
    },
  }
  return {
    site,
    onBase: (url) => {
      webUrl = url.replace(/(?<!\/)\/+$/, '')
    },
  }
}

async function check(api: ConfluenceApi, site: Site, config: ConfluenceConfig, signal: AbortSignal): Promise<string> {
  const who = config.token === undefined ? undefined : await whoWeAre(api, signal)
  if (who === 'anonymous') throw credentialsRefused(site, true)
  const spaces = (await api.spaces(config.space_key, signal)).map(({ key }) => key)
  const [missing] = unreadable(config.space_key, spaces)
  if (spaces.length === 0) throw noSpace(config.space_key, site)
  if (missing !== undefined) throw confluenceError('confluence_space_unreadable', { space: missing })
  const product = site.deployment === 'cloud' ? 'Confluence Cloud' : 'Confluence Data Center'
  const as = config.token === undefined ? 'without credentials' : who === undefined ? 'with a token that may not tell whose it is' : `as ${who.name}`
  return `${product} at ${site.webUrl}, ${as}; reads ${spaces.join(', ')}`
}

/** Basic with an e-mail address or user name, else a bearer token. */
function authorization({ email, token }: ConfluenceConfig): Readonly<Record<string, string>> {
  if (token === undefined) return {}
  const credentials = email === undefined ? `Bearer ${token}` : `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`
  return { authorization: credentials }
}

function warnOfPlainHttp(site: Site, { token }: ConfluenceConfig, { logger }: ConnectorContext): void {
  const { protocol, hostname } = new URL(site.apiUrl)
  if (protocol === 'https:' || token === undefined || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return
  logger.warn('The token is sent over http, which others can read; use https', { host: hostname })
}
