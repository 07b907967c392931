import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorContext, ConnectorPlugin, OpenedSource } from '@qdrant-loader/connector-sdk'
import { ADF_VERSION, HTML_VERSION } from '@qdrant-loader/content'
import { HttpClient, JsonApi } from '@qdrant-loader/http'
import { CloudServer } from './api/cloud-server.ts'
import { DataCenterServer } from './api/data-center-server.ts'
import { IssueReader } from './api/issue-reader.ts'
import { JiraApi } from './api/jira-api.ts'
import { ReadsById } from './api/reads-by-id.ts'
import { JiraChangeDetector } from './change-detector.ts'
import { jiraError } from './codes.ts'
import { deploymentOf, JiraConfig } from './config.ts'
import { JiraContentReader } from './content-reader.ts'
import { JiraCursor } from './cursor.ts'
import { JiraSource } from './source/jira-source.ts'
import { cloudText, dataCenterText } from './text/rich-text.ts'

/** Raised whenever the same issue gives another text or payload. */
const EXTRACTION_VERSION = 2
const USER_AGENT = 'qdrant-loader-jira (+https://github.com/qdrant-loader/qdrant-loader-ts)'
const CONCURRENCY = 4

const plugin = {
  apiVersion: 1,
  type: 'jira',
  configSchema: JiraConfig,
  cursorSchema: JiraCursor,
  capabilities: { identity: 'stable', judges: true, reportsDeletions: false },
  fingerprints: (config: JiraConfig) => ({
    selection: {
      base_url: config.base_url,
      project_key: config.project_key ?? null,
      jql: config.jql ?? null,
      issue_types: config.issue_types ?? null,
      include_statuses: config.include_statuses ?? null,
    },
    extraction: { version: extractionVersion(config), include_comments: config.include_comments, content_fields: config.content_fields ?? null, extra_fields: config.extra_fields ?? null },
  }),
} as const

/** What tests put in the place of timers and chance. */
export interface JiraConnectorOptions {
  /** Waits between attempts. Default: a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: () => number
  /** The clock by which pauses are measured, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

/** Makes the connector. */
export function createJiraConnector(options: JiraConnectorOptions = {}): ConnectorPlugin<JiraConfig, JiraCursor> {
  return defineConnector({ ...plugin, open: (config, context) => open(config, context, options) })
}

/** Reads issues of Jira Cloud and Jira Data Center. */
export const connector = createJiraConnector()

/** One renderer per deployment, each with a version of its own. */
function extractionVersion(config: JiraConfig): string {
  return deploymentOf(config) === 'cloud' ? `${EXTRACTION_VERSION} adf ${ADF_VERSION}` : `${EXTRACTION_VERSION} html ${HTML_VERSION}`
}

async function open(config: JiraConfig, context: ConnectorContext, options: JiraConnectorOptions): Promise<OpenedSource<JiraCursor>> {
  warnOfPlainHttp(config, context)
  const { base_url, requests_per_minute } = config
  const deployment = deploymentOf(config)
  const cloud = deployment === 'cloud'
  const client = new HttpClient({
    retry: context.retry,
    proxies: context.proxies,
    userAgent: USER_AGENT,
    network: 'any',
    maxConcurrency: CONCURRENCY,
    ...(requests_per_minute !== undefined && { requestsPerMinute: requests_per_minute }),
    count: (kind) => context.count(kind),
    progress: context.progress,
    logger: context.logger,
    redact: context.redact,
    ...options,
  })
  const json = new JsonApi({ client, baseUrl: base_url, headers: authorization(config, cloud) })
  const api = new JiraApi({ api: json, baseUrl: base_url, deployment, redact: context.redact })
  const server = cloud ? new CloudServer(api, base_url) : new DataCenterServer(api, base_url)
  const reads = new ReadsById(server)
  const source = new JiraSource({
    config,
    server,
    reads,
    richText: cloud ? cloudText() : dataCenterText(base_url),
    extraction: extractionVersion(config),
  })
  const reader = new IssueReader({ reads, includeComments: config.include_comments, onContent: () => context.count('content'), now: context.now })
  const { progress, now, logger } = context
  const warn = (message: string, details: Readonly<Record<string, string | number>>): void => logger.warn(message, details)
  return {
    detector: new JiraChangeDetector({ source, server, reads, reader, progress, warn, now }),
    reader: new JiraContentReader(source, reader),
    check: (signal) => check(source, config, signal),
    close: () => client.close(),
  }
}

function authorization({ email, token }: JiraConfig, cloud: boolean): Readonly<Record<string, string>> {
  if (token === undefined) return {}
  const basic = () => Buffer.from(`${email}:${token}`).toString('base64')
  return { authorization: cloud ? `Basic ${basic()}` : `Bearer ${token}` }
}

async function check(source: JiraSource, config: JiraConfig, signal: AbortSignal): Promise<string> {
  const who = await source.signIn(signal)
  const roster = await source.browsableRoster(signal)
  const [hidden] = roster.hiddenScopes
  if (hidden !== undefined) throw jiraError('jira_project_not_visible', { project: hidden })
  const { extraFields } = await source.reading(signal)
  const what = config.jql === undefined ? `projects ${roster.readableScopes.join(', ')}` : 'a query'
  const fields = extraFields.length > 0 ? `; ${extraFields.length} extra fields` : ''
  return `${config.base_url} as ${who}: ${what}${fields}`
}

function warnOfPlainHttp({ base_url, token }: JiraConfig, { logger }: ConnectorContext): void {
  const { protocol, hostname } = new URL(base_url)
  const plain = protocol === 'http:' && !/^(?:localhost|127\.|\[::1\])/.test(hostname)
  if (plain && token !== undefined) logger.warn('The token is sent over http, which others can read; use https', { base_url })
}
