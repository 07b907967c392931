import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { httpError } from './codes.ts'
import { printableUrl } from './printable-url.ts'

/** How undici says that a proxy did not open a tunnel, and with which status. */
const NO_TUNNEL = /^Proxy response \((\d{3})\) !== 200/

/** The status with which a proxy refused a tunnel. */
export function tunnelStatus(error: unknown): number | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const status = NO_TUNNEL.exec(at.message)?.[1]
    if (status !== undefined) return Number(status)
    if (at.message === 'Proxy Authentication Required (407)') return 407
  }
  return undefined
}

/** What a status means that came from the proxy itself. */
export function proxyRefusal(status: number, proxy: URL, url: URL): LoaderError {
  if (status === 407) {
    const what = proxy.username === '' ? 'a request without credentials' : 'the credentials'
    const variable = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
    return httpError('http_proxy_unauthorized', { proxy: proxy.host, what, variable })
  }
  if (status >= 500) {
    return httpError('http_unreachable/behind_proxy', { address: printableUrl(url), proxy: proxy.host, status, host: url.hostname })
  }
  return httpError('http_proxy_refused', { proxy: proxy.host, host: url.host, status })
}
