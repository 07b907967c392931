import type { HttpClient } from '@qdrant-loader/http'
import type { PublicDocsConfig } from '../config.ts'

type Client = Pick<HttpClient, 'request' | 'setPace'>

/** The headers with which a private site is asked: those of the configuration, and the one that `auth` makes. */
export function ownHeaders({ headers, auth }: Pick<PublicDocsConfig, 'headers' | 'auth'>): Readonly<Record<string, string>> {
  const own = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  if (auth?.token !== undefined) return { ...own, authorization: `Bearer ${auth.token}` }
  if (auth?.username === undefined) return own
  return { ...own, authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password ?? ''}`).toString('base64')}` }
}

/**
 * A client that sends headers to one origin and to no other. Where it follows redirects by itself, they do not go along
 * to another origin either.
 */
export function withOwnHeaders(client: HttpClient, origin: string, own: Readonly<Record<string, string>>): Client {
  if (Object.keys(own).length === 0) return client
  return {
    request: (request, check) =>
      new URL(request.url).origin === origin ? client.request({ ...request, headers: { ...own, ...request.headers } }, check) : client.request(request, check),
    setPace: (host, minDelayMs) => client.setPace(host, minDelayMs),
  }
}
