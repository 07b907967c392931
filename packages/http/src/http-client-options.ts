import type { Logger, ProxySettings, RetryPolicy } from '@qdrant-loader/connector-sdk'
import type { LookupFunction } from 'node:net'

/** How a client behaves towards the servers it talks to. */
export interface HttpClientOptions {
  /** Sent with every request; names the program and where to read about it. */
  readonly userAgent: string
  /** Requests a minute to one host. Absent: no pace. */
  readonly requestsPerMinute?: number
  /** Requests under way at once to one host. Default 8. */
  readonly maxConcurrency?: number
  /** Longest time of one attempt, headers and body together, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number
  /** Longest decompressed body, in bytes. Default 10,000,000. */
  readonly maxBytes?: number
  /** How often and how patiently it is tried again: `context.retry`. Default `DEFAULT_RETRY` of the SDK. */
  readonly retry?: RetryPolicy
  /** Overrides `retry.attempts`. */
  readonly retries?: number
  /** Redirects followed. Default 5. */
  readonly maxRedirects?: number
  /**
   * `any`: every address. `public`: the address that the name resolves to is checked when connecting; private,
   * loopback, link-local and other special ranges are refused with `http_address_refused`, IPv4-mapped IPv6 included.
   */
  readonly network: 'any' | 'public'
  /**
   * `context.proxies`. Through a proxy, `network: 'public'` refuses private addresses, local names, and names that lead
   * to private addresses only as far as this machine can resolve them; the rest is the proxy's to decide.
   */
  readonly proxies?: ProxySettings
  /** Called once for each request that is sent, attempts and redirect hops included. */
  readonly count?: (kind: 'source' | 'content') => void
  /** Told about pauses longer than a second: `waiting 30 s, docs.example.com asks for it`. */
  readonly progress?: (activity: string) => void
  readonly logger?: Logger
  /**
   * Takes secrets out of what a server wrote (a connector's `context.redact`) before it is cut or gets into an error.
   * A server that sends one on, as the target of a redirect, is refused. Default: the text as it is.
   */
  readonly redact?: (text: string) => string
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
  /** Default: a timer that the signal clears. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: () => number
  /** Resolves names to addresses. Default: the system's (`node:dns`). With `network: 'public'` its answers are checked. */
  readonly lookup?: LookupFunction
}
