import type { ProxySettings } from '@qdrant-loader/connector-sdk'

type Environment = Readonly<Record<string, string | undefined>>

/** The proxies that the environment names. A variable in lower case wins over the same one in upper case, as in curl. */
export function proxiesOf(env: Environment): ProxySettings {
  const http = named(env, 'http_proxy')
  const https = named(env, 'https_proxy')
  const no = named(env, 'no_proxy')
  return { ...(http !== undefined && { http }), ...(https !== undefined && { https }), ...(no !== undefined && { no }) }
}

/**
 * What `fetch` takes as `dispatcher`, for the store and the embedding server; undefined where the environment names no
 * proxy for this address. The HTTP library is loaded only where it is needed.
 */
export function proxyDispatcher(url: string, env: Environment): (() => Promise<object>) | undefined {
  const proxies = proxiesOf(env)
  if ((new URL(url).protocol === 'https:' ? proxies.https : proxies.http) === undefined) return undefined
  return async () => {
    const { proxyingDispatcher } = await import('@qdrant-loader/http')
    return proxyingDispatcher(proxies)
  }
}

function named(env: Environment, name: string): string | undefined {
  const value = env[name] ?? env[name.toUpperCase()]
  return value === undefined || value.trim() === '' ? undefined : value
}
