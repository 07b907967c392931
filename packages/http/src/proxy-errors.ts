import { LoaderError } from '@qdrant-loader/connector-sdk'
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
  const variable = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  if (status === 407) {
    return new LoaderError({
      code: 'http_proxy_unauthorized',
      kind: 'auth',
      message: `The proxy ${proxy.host} did not accept ${proxy.username === '' ? 'a request without credentials' : 'the credentials'} (407)`,
      hint: `Check the user and the password in ${variable}: http://user:password@${proxy.host}.`,
    })
  }
  if (status >= 500) {
    return new LoaderError({
      code: 'http_unreachable',
      kind: 'transient',
      message: `${printableUrl(url)} could not be read: the proxy ${proxy.host} did not reach it (${status})`,
      hint: `Check the network behind the proxy, or name ${url.hostname} in NO_PROXY, and run the sync again. Nothing was deleted.`,
    })
  }
  return new LoaderError({
    code: 'http_proxy_refused',
    kind: 'config',
    message: `The proxy ${proxy.host} does not let requests to ${url.host} through (${status})`,
    hint: `Let the proxy allow ${url.host}, or name it in NO_PROXY so that it is asked directly.`,
  })
}
