import type { ProxySettings } from '@qdrant-loader/connector-sdk'
import type { Dispatcher as DispatcherTypes } from 'undici'
import { proxyFor } from './proxy-rules.ts'
import { Agent, Dispatcher, ProxyAgent } from './undici.ts'

/** What a {@link ProxyingAgent} needs. */
export interface ProxyingAgentOptions {
  readonly proxies: ProxySettings | undefined
  /** For what is asked directly. Default: an agent without limits of its own on time. */
  readonly direct?: Dispatcher
  /** Longest time until a proxy accepts a connection, in milliseconds. Default 30,000. */
  readonly connectTimeoutMs?: number
}

/**
 * Sends each request directly or through the proxy that is meant for it: `https:` through a tunnel, `http:` as the
 * proxy's own request. It fits `fetch` as `dispatcher`.
 */
export class ProxyingAgent extends Dispatcher {
  readonly #proxies: ProxySettings | undefined
  readonly #direct: Dispatcher
  readonly #connectTimeoutMs: number
  readonly #agents = new Map<string, ProxyAgent>()

  constructor({ proxies, direct, connectTimeoutMs = 30_000 }: ProxyingAgentOptions) {
    super()
    this.#proxies = proxies
    this.#direct = direct ?? new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeoutMs } })
    this.#connectTimeoutMs = connectTimeoutMs
  }

  override dispatch(options: DispatcherTypes.DispatchOptions, handler: DispatcherTypes.DispatchHandler): boolean {
    const proxy = proxyFor(new URL(String(options.origin)), this.#proxies)
    return (proxy === undefined ? this.#direct : this.#agentOf(proxy)).dispatch(options, handler)
  }

  override async close(): Promise<void> {
    await Promise.all([this.#direct, ...this.#agents.values()].map((agent) => agent.close()))
  }

  override async destroy(error?: unknown): Promise<void> {
    const reason = error instanceof Error ? error : null
    await Promise.all([this.#direct, ...this.#agents.values()].map((agent) => agent.destroy(reason)))
  }

  #agentOf(proxy: URL): ProxyAgent {
    const known = this.#agents.get(proxy.href)
    if (known !== undefined) return known
    const { username, password } = proxy
    const timeout = this.#connectTimeoutMs
    const agent = new ProxyAgent({
      uri: `${proxy.protocol}//${proxy.host}`,
      ...(username !== '' && { token: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` }),
      // Many proxies open tunnels to port 443 only.
      proxyTunnel: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      proxyTls: { timeout },
      requestTls: { timeout },
    })
    this.#agents.set(proxy.href, agent)
    return agent
  }
}

/** What `fetch` takes as `dispatcher`, for what is not asked by way of an `HttpClient`. */
export function proxyingDispatcher(proxies: ProxySettings): object {
  return new ProxyingAgent({ proxies })
}
