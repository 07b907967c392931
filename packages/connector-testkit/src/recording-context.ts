import { DEFAULT_RETRY } from '@qdrant-loader/connector-sdk'
import type { ConnectorContext, Logger, RetryPolicy } from '@qdrant-loader/connector-sdk'

/** What a connector did through its context. */
export interface Recording {
  readonly requests: { source: number; content: number }
  /** Log lines with their fields as JSON, and progress texts. */
  readonly said: string[]
}

/** A connector's context that writes down what passes through it. */
export function recordingContext(
  options: Pick<ConnectorContext, 'configDirectory' | 'cacheDirectory' | 'dryRun'> & {
    readonly project?: string | undefined
    readonly source?: string | undefined
    readonly now?: (() => number) | undefined
    /** Default: {@link DEFAULT_RETRY}, with its waits. */
    readonly retry?: RetryPolicy | undefined
    /** Replaced by `***` where the connector redacts. Default: none. */
    readonly secrets?: readonly string[] | undefined
    /** Told everything that {@link Recording.said} gets. */
    readonly tell?: ((text: string) => void) | undefined
  },
): { readonly context: ConnectorContext; readonly recording: Recording } {
  const recording: Recording = { requests: { source: 0, content: 0 }, said: [] }
  const say = (message: string, fields?: Readonly<Record<string, unknown>>) => {
    const text = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`
    recording.said.push(text)
    options.tell?.(text)
  }
  const logger: Logger = { debug: say, info: say, warn: say, error: say }
  const context: ConnectorContext = {
    project: options.project ?? 'conformance',
    source: options.source ?? 'world',
    configDirectory: options.configDirectory,
    cacheDirectory: options.cacheDirectory,
    dryRun: options.dryRun,
    logger,
    redact: (text) => (options.secrets ?? []).reduce((rest, secret) => rest.replaceAll(secret, '***'), text),
    count: (kind, requests = 1) => {
      recording.requests[kind] += requests
    },
    progress: (activity) => say(activity),
    now: options.now ?? (() => Date.now()),
    retry: options.retry ?? DEFAULT_RETRY,
    proxies: {},
  }
  return { context, recording }
}
