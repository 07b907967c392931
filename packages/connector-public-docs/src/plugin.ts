import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorContext, ConnectorFingerprints, ConnectorPlugin, OpenedSource } from '@qdrant-loader/connector-sdk'
import { HTML_VERSION } from '@qdrant-loader/content'
import type { PageSelectors } from '@qdrant-loader/content'
import { HttpClient } from '@qdrant-loader/http'
import type { HttpClientOptions } from '@qdrant-loader/http'
import { PublicDocsChangeDetector } from './change-detector.ts'
import { PublicDocsConfig } from './config.ts'
import { PublicDocsContentReader } from './content-reader.ts'
import { emptyMemory } from './crawl/run-memory.ts'
import { PublicDocsCursor } from './cursor.ts'
import { baseDisallowed, baseElsewhere, baseMissing, siteUnreachable } from './errors.ts'
import { SiteScope } from './selection.ts'
import { ownHeaders, withOwnHeaders } from './site/own-headers.ts'
import { PageReader } from './site/page-reader.ts'
import { ROBOTS_NAME } from './site/robots.ts'
import { Site } from './site/site.ts'
import { readSitemaps } from './sitemap/sitemap.ts'

/** Raised whenever the same bytes give another text, title or metadata, or the same site other ids. */
const EXTRACTION_VERSION = 2
const USER_AGENT = `${ROBOTS_NAME}/1 (+https://github.com/qdrant-loader/qdrant-loader-ts)`

/** What can be exchanged in a connector, for tests and for hosts with a clock of their own. */
export interface PublicDocsConnectorOptions extends Pick<HttpClientOptions, 'sleep' | 'now' | 'random' | 'lookup' | 'timeoutMs'> {
  /** Overrides the attempts of the host's policy. */
  readonly retries?: number
  /** URLs between two checkpoints. Default 100. */
  readonly checkpointEvery?: number
}

/** Makes the connector of documentation sites. */
export function createPublicDocsConnector(options: PublicDocsConnectorOptions = {}): ConnectorPlugin<PublicDocsConfig, PublicDocsCursor> {
  return defineConnector<PublicDocsConfig, PublicDocsCursor>({
    apiVersion: 1,
    type: 'public-docs',
    configSchema: PublicDocsConfig,
    cursorSchema: PublicDocsCursor,
    capabilities: { identity: 'location', judges: true, reportsDeletions: true },
    fingerprints,
    open: (config, context) => open(config, context, options),
    forget,
  })
}

/** Reads documentation sites. */
export const connector: ConnectorPlugin<PublicDocsConfig, PublicDocsCursor> = createPublicDocsConnector()

function fingerprints(config: PublicDocsConfig): ConnectorFingerprints {
  const { selectors } = config
  return {
    selection: {
      base_url: config.base_url,
      path_pattern: config.path_pattern ?? null,
      exclude_paths: config.exclude_paths ?? null,
      sitemap: config.sitemap,
      max_depth: config.max_depth,
      max_pages: config.max_pages,
      respect_robots: config.respect_robots,
    },
    extraction: {
      version: EXTRACTION_VERSION,
      html: HTML_VERSION,
      content: selectors.content ?? null,
      remove: selectors.remove ?? null,
      code_blocks: selectors.code_blocks ?? null,
    },
  }
}

/** What decides which links of a page are kept, and whether it is a document. */
function readingOf({ base_url, path_pattern, exclude_paths, respect_robots }: PublicDocsConfig): unknown {
  return { base_url, path_pattern, exclude_paths, respect_robots }
}

async function open(config: PublicDocsConfig, context: ConnectorContext, options: PublicDocsConnectorOptions): Promise<OpenedSource<PublicDocsCursor>> {
  const { logger, progress, now } = context
  const connection = clientFor(config, context, options)
  const scope = new SiteScope(config)
  const client = withOwnHeaders(connection, scope.start.origin, ownHeaders(config))
  const rules = { selectors: selectorsOf(config), respectRobots: config.respect_robots }
  const onBody = () => context.count('content')
  const retries = options.retries ?? context.retry.attempts
  const reader = new PageReader({ client, scope, rules, retries, onBody })
  const site = new Site({ client, reader, scope, respectRobots: config.respect_robots, retries })
  const memory = emptyMemory()
  const fingerprint = hash([readingOf(config), fingerprints(config).extraction])
  const journalName = journalOf(context)
  const folders = new JournalFolders(context, journalName)
  return {
    detector: new PublicDocsChangeDetector({
      site,
      memory,
      fingerprint,
      sitemaps: async (signal) => {
        const { sitemaps: declared } = await site.robots(signal)
        return readSitemaps({ client, scope, setting: config.sitemap, declared, maxPages: config.max_pages, logger }, signal)
      },
      maxDepth: config.max_depth,
      maxPages: config.max_pages,
      journalFolder: () => folders.folder(),
      journalName,
      checkpointEvery: options.checkpointEvery ?? 100,
      logger,
      progress,
      now,
    }),
    reader: new PublicDocsContentReader({ site, memory, fingerprint, now }),
    check: (signal) => check(site, signal),
    async close() {
      await connection.close()
      await folders.remove()
    },
  }
}

/** The journal of a source's crawl in the cache folder. */
function journalOf({ project, source }: Pick<ConnectorContext, 'project' | 'source'>): string {
  return `crawl-${hash([project, source])}.jsonl`
}

async function forget(context: Pick<ConnectorContext, 'project' | 'source' | 'cacheDirectory'>): Promise<void> {
  await rm(join(context.cacheDirectory, journalOf(context)), { force: true })
}

function clientFor(config: PublicDocsConfig, context: ConnectorContext, options: PublicDocsConnectorOptions): HttpClient {
  const { checkpointEvery: _checkpointEvery, ...exchanged } = options
  return new HttpClient({
    ...exchanged,
    retry: context.retry,
    proxies: context.proxies,
    userAgent: USER_AGENT,
    requestsPerMinute: config.requests_per_minute,
    maxConcurrency: 8,
    network: config.allow_private_networks ? 'any' : 'public',
    count: (kind) => context.count(kind),
    progress: context.progress,
    logger: context.logger,
    redact: context.redact,
  })
}

function selectorsOf({ selectors: { content, remove, code_blocks } }: PublicDocsConfig): PageSelectors {
  return { ...(content && { content }), ...(remove && { remove }), ...(code_blocks && { code_blocks }) }
}

/** A dry run goes on with the crawl that a sync would go on with, in a copy of its journal, and leaves nothing behind. */
class JournalFolders {
  readonly #context: ConnectorContext
  readonly #journalName: string
  #temporary: string | undefined

  constructor(context: ConnectorContext, journalName: string) {
    this.#context = context
    this.#journalName = journalName
  }

  async folder(): Promise<string> {
    if (!this.#context.dryRun) return this.#context.cacheDirectory
    this.#temporary ??= await this.#copied()
    return this.#temporary
  }

  async #copied(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'qdrant-loader-crawl-'))
    const journal = join(this.#context.cacheDirectory, this.#journalName)
    if (existsSync(journal)) await copyFile(journal, join(folder, this.#journalName))
    return folder
  }

  async remove(): Promise<void> {
    if (this.#temporary !== undefined) await rm(this.#temporary, { recursive: true, force: true })
  }
}

async function check(site: Site, signal: AbortSignal): Promise<string> {
  const url = site.scope.start
  const robots = await site.robots(signal)
  if (!robots.allows(url)) throw baseDisallowed(url)
  const reading = await site.readAsIs(url, undefined, signal)
  switch (reading.kind) {
    case 'failed':
      throw siteUnreachable(url.host, reading.error)
    case 'refused':
      throw reading.to === undefined ? reading.error : baseElsewhere(url, reading.to)
    case 'elsewhere':
      throw baseElsewhere(url, reading.to)
    case 'gone':
    case 'missing':
      throw baseMissing(url, reading.kind === 'gone' ? 410 : reading.status)
    case 'moved':
      return `${url.href} leads to ${reading.to.href}`
    default:
      return `${url.href} answers${robots.crawlDelayMs > 0 ? `; robots.txt asks for ${robots.crawlDelayMs / 1_000} s between requests` : ''}`
  }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24)
}
