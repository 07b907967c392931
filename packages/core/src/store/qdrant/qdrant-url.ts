import { storeError } from '../codes.ts'

/** What the client is to be given for a configured URL. */
export interface QdrantAddress {
  /** Scheme and host (with the port, where the URL named one): without path. */
  readonly origin: string
  /** Null lets the scheme decide. */
  readonly port: number | null
  /** Path before Qdrant's routes, such as `/qdrant`; empty when there is none. */
  readonly prefix: string
  /** The address as people read it. */
  readonly shown: string
  /** True when an API key would travel in clear text through a network. */
  readonly insecure: boolean
}

const REST_PORT = 6333

/**
 * Reads a configured URL. A path becomes the client's `prefix` (it ignores a URL's path otherwise).
 *
 * The port, where the URL names none: 6333 for http and for Qdrant Cloud (`*.cloud.qdrant.io`), as Qdrant listens
 * there; 443 for every other https URL, as such a URL means a reverse proxy. (The client would take 6333 for all.)
 * Throws `store_url_invalid`.
 */
export function qdrantAddress(text: string): QdrantAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw storeError('store_url_invalid')
  }
  if (url.username !== '' || url.password !== '') {
    throw storeError('store_url_invalid/credentials')
  }
  if (url.search !== '' || url.hash !== '') {
    throw storeError('store_url_invalid/query')
  }
  // `new URL` drops a port that is the scheme's default, so it is looked for in the text.
  const written = /^\w+:\/\/[^/]*:(\d+)(?:\/|$)/.exec(text.trim())?.[1]
  const usesRestPort = url.protocol === 'http:' || url.hostname.endsWith('.cloud.qdrant.io')
  const port = written !== undefined ? Number(written) : usesRestPort ? REST_PORT : null
  const prefix = url.pathname.replace(/(?<!\/)\/+$/, '')
  return {
    origin: `${url.protocol}//${url.hostname}${port === null ? '' : `:${port}`}`,
    port,
    prefix,
    shown: `${url.protocol}//${url.hostname}${port === null ? '' : `:${port}`}${prefix}`,
    insecure: url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname),
  }
}
